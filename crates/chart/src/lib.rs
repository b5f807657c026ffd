//! Result and chart spec to a scene of marks.
