// What the server and the WebAssembly module answer; written from the Rust types.
export type * from "./types/views";
