//! Columns: dictionaries, chunks, bitmaps, memory accounting.
