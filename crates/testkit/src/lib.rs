//! Checks shared by tests, properties and fuzz targets.
