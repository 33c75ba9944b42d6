/// A queue over an array: amortised constant time at both ends.
package struct FIFO<Element> {
  package init() {}

  private var elements: [Element] = []
  private var head = 0

  package var isEmpty: Bool { head == elements.count }
  package var count: Int { elements.count - head }
  package var first: Element? { isEmpty ? nil : elements[head] }

  package mutating func append(_ element: Element) { elements.append(element) }

  package mutating func removeFirst() -> Element {
    let element = elements[head]
    head += 1
    if head == elements.count {
      elements.removeAll(keepingCapacity: true)
      head = 0
    } else if head >= 64 && head * 2 >= elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }

  mutating func replaceFirst(_ element: Element) { elements[head] = element }

  /// Keeps what `keep` says, in order.
  mutating func filter(_ keep: (Element) -> Bool) {
    elements = elements[head...].filter(keep)
    head = 0
  }

  mutating func removeAll() {
    elements.removeAll()
    head = 0
  }
}

extension FIFO: Sendable where Element: Sendable {}
