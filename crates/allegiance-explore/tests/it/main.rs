//! Integration tests of the server, over real connections.

mod answers;
mod security;
mod served;
