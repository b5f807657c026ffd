//! The browser application: what is on the screen, over workers that hold the data.
