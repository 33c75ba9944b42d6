"""A client of FSP/1, written from Protos/PROTOCOL.md and the .proto files alone."""
