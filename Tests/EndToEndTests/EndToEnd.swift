import Testing

/// The real executables, one test after another: each of them keeps a machine busy.
@Suite(.serialized) struct EndToEnd {}
