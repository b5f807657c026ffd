//! Coordinator and shards: answers the protocol, without a browser in it.
