extension API {
  /// Something that happened to one farmer, for live pages. Level-triggered: a lost event costs
  /// nothing, since the page reads the named part again.
  package enum Event: Hashable, Sendable {
    /// The open block, or the farmer's part in it, changed.
    case block(BlockNow)
    /// These parts are to be read again.
    case changed(Set<Part>)
    /// Words for the farmer.
    case notice(Notice)

    package enum Part: String, Hashable, Sendable, Codable, CaseIterable {
      case dashboard, blocks, rewards, poolers
    }

    package struct Notice: Hashable, Sendable, Codable {
      package enum Level: String, Hashable, Sendable, Codable { case info, warning }

      package var level: Level
      package var text: String

      package init(level: Level, text: String) {
        self.level = level
        self.text = text
      }
    }
  }
}
