import StellarXDR

/// Who agreed to what: noted down in a simulation, held to signed entries otherwise.
///
/// An address agrees to a tree of calls. Its root is the first call that demands the address's
/// authorisation; a demand further down must be a branch of the nearest such call above it. Every
/// node serves once. Source: CAP-46-11; stellar.md §2.
struct AuthorizationBook {
  enum Mode {
    /// With the transaction's source, for which no signature of its own is asked.
    case recording(source: SCAddress, allowsNonRoot: Bool, wantsUpgraded: Bool)
    case enforcing
  }

  /// A node of an address's tree.
  private struct Node {
    var call: InvokeContractArgs
    var children: [Int] = []
    var isUsed = false
  }

  private struct Tree {
    let address: SCAddress
    /// Nil: the transaction's source.
    let proof: SorobanCredentials?
    let invocation: SorobanAuthorizedInvocation?
    var nodes: [Node] = []
    /// The nodes that the running calls stand at, with the depth of the call.
    var path: [(depth: Int, node: Int)] = []
  }

  let mode: Mode
  private var trees: [Tree] = []

  init(recording source: SCAddress, allowsNonRoot: Bool, wantsUpgraded: Bool) {
    mode = .recording(source: source, allowsNonRoot: allowsNonRoot, wantsUpgraded: wantsUpgraded)
  }

  init(_ entries: [SorobanAuthorizationEntry], source: SCAddress) {
    mode = .enforcing
    for entry in entries {
      var tree: Tree
      switch entry.credentials {
      case .sourceAccount:
        tree = Tree(address: source, proof: nil, invocation: entry.invocation)
      case .address(let proof), .addressV2(let proof), .addressWithDelegates(let proof, _):
        tree = Tree(
          address: proof.address, proof: entry.credentials, invocation: entry.invocation)
      }
      tree.nodes = Self.flattened(entry.invocation)
      trees.append(tree)
    }
  }

  /// What must be verified and paid before a tree's root may be used.
  enum Demand {
    case nothing
    /// An entry that the address itself must have signed.
    case signature(SorobanAuthorizationEntry)
    /// A nonce of this address is going to be spent, with a signature of its own.
    case futureSignature(SCAddress)
  }

  /// The running call, at `depth` (1: the root), demands `address`'s agreement.
  mutating func require(_ address: SCAddress, for call: InvokeContractArgs, depth: Int)
    throws(HostError) -> Demand
  {
    switch mode {
    case .recording(let source, let allowsNonRoot, _):
      return try record(
        address, call, depth: depth, source: source, allowsNonRoot: allowsNonRoot)
    case .enforcing: return try match(address, call, depth: depth)
    }
  }

  /// A call at `depth` is over.
  mutating func leave(_ depth: Int) {
    for at in trees.indices {
      while let last = trees[at].path.last, last.depth >= depth { trees[at].path.removeLast() }
    }
  }

  /// What the transaction needs as its operation's authorisation entries.
  func recorded(nonce: (SCAddress) -> Int64) -> [SorobanAuthorizationEntry] {
    guard case .recording(let source, _, let wantsUpgraded) = mode else { return [] }
    return trees.map { tree in
      let invocation = Self.invocation(tree.nodes, 0)
      guard tree.address != source else {
        return SorobanAuthorizationEntry(credentials: .sourceAccount, invocation: invocation)
      }
      let proof = SorobanCredentials.Address(
        address: tree.address, nonce: nonce(tree.address), expirationLedger: 0)
      return SorobanAuthorizationEntry(
        credentials: wantsUpgraded ? .addressV2(proof) : .address(proof), invocation: invocation)
    }
  }

  private mutating func record(
    _ address: SCAddress, _ call: InvokeContractArgs, depth: Int, source: SCAddress,
    allowsNonRoot: Bool
  ) throws(HostError) -> Demand {
    if let at = trees.firstIndex(where: { $0.address == address && !$0.path.isEmpty }),
      let above = trees[at].path.last
    {
      let node = trees[at].nodes.count
      trees[at].nodes.append(Node(call: call))
      trees[at].nodes[above.node].children.append(node)
      trees[at].path.append((depth, node))
      return .nothing
    }
    guard depth == 1 || allowsNonRoot else { throw .unauthorized(address) }
    var tree = Tree(address: address, proof: nil, invocation: nil)
    tree.nodes = [Node(call: call)]
    tree.path = [(depth, 0)]
    trees.append(tree)
    return address == source ? .nothing : .futureSignature(address)
  }

  private mutating func match(_ address: SCAddress, _ call: InvokeContractArgs, depth: Int)
    throws(HostError) -> Demand
  {
    for at in trees.indices where trees[at].address == address {
      if let above = trees[at].path.last {
        let child = trees[at].nodes[above.node].children.first {
          !trees[at].nodes[$0].isUsed && trees[at].nodes[$0].call == call
        }
        guard let child else { continue }
        trees[at].nodes[child].isUsed = true
        trees[at].path.append((depth, child))
        return .nothing
      }
      guard let root = trees[at].nodes.first, !root.isUsed, root.call == call else { continue }
      trees[at].nodes[0].isUsed = true
      trees[at].path.append((depth, 0))
      guard let proof = trees[at].proof, let invocation = trees[at].invocation else {
        return .nothing
      }
      return .signature(SorobanAuthorizationEntry(credentials: proof, invocation: invocation))
    }
    throw .unauthorized(address)
  }

  /// A tree as a list, the root first; creations of contracts are never matched and left out.
  private static func flattened(_ root: SorobanAuthorizedInvocation) -> [Node] {
    var nodes: [Node] = []
    func add(_ invocation: SorobanAuthorizedInvocation) -> Int? {
      guard case .contract(let call) = invocation.function else { return nil }
      let at = nodes.count
      nodes.append(Node(call: call))
      for sub in invocation.subInvocations {
        if let child = add(sub) { nodes[at].children.append(child) }
      }
      return at
    }
    _ = add(root)
    return nodes
  }

  private static func invocation(_ nodes: [Node], _ at: Int) -> SorobanAuthorizedInvocation {
    SorobanAuthorizedInvocation(
      function: .contract(nodes[at].call),
      subInvocations: nodes[at].children.map { invocation(nodes, $0) })
  }
}
