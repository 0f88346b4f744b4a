import LanguageModel
import LinearAlgebra
import Synchronization

extension Engine {
  /// Runs a scan, block after block; the packs of a block run on all workers.
  ///
  /// - Throws: `Diagnostic`.
  package func scan(
    _ scan: BlockScan,
    progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void = { _, _ in }
  ) throws -> ScanTotals {
    var totals = ScanTotals(of: scan, neurons: neurons)
    try self.scan(scan, blocks: scan.blocks.indices, progress: progress) {
      totals.add($0, of: scan)
    }
    return totals
  }

  private var neurons: Int { model.architecture.layers * model.architecture.dMLP }

  /// Runs some blocks of a scan.
  ///
  /// - Parameter found: receives what each block gives, in the order of `blocks`
  /// - Throws: `Diagnostic`, or what `found` throws.
  package func scan(
    _ scan: BlockScan, blocks: some Sequence<Int>,
    progress: @escaping @Sendable (_ done: OperationCount, _ rows: Int) -> Void = { _, _ in },
    found: (BlockTotals) throws -> Void
  ) throws {
    let neurons = neurons
    // Sheets of counts that no worker is writing on.
    let sheets = Mutex<[[UInt32]]>([])
    let (rows, longest) = scan.size
    for index in blocks {
      let block = scan.blocks[index]
      let totals = Mutex(BlockSum(index, neurons: neurons))
      try compute(
        block.packs, rows: rows, longest: longest, progress: progress, pack: { $0 },
        body: { pack, worker in
          var sheet =
            sheets.withLock { $0.popLast() }
            ?? [UInt32](repeating: 0, count: 2 * neurons * ActivationBins.count)
          let found = try worker.scan(pack, of: scan, into: &sheet)
          sheets.withLock { $0.append(sheet) }
          return found
        },
        merge: { _, found in totals.withLock { $0.add(found) } })
      sheets.withLock { sheets in
        for index in sheets.indices {
          totals.withLock { $0.add(counts: sheets[index]) }
          sheets[index].withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        }
      }
      try found(totals.withLock { $0.totals(of: scan) })
    }
  }
}

extension PackWorker {
  /// Runs a pack through all layers and reads every neuron.
  ///
  /// - Parameter sheet: counts that are added to, `[2, neurons, 64]`
  /// - Throws: `NotFinite`.
  mutating func scan(
    _ pack: DocumentPack, of scan: BlockScan, into sheet: inout [UInt32]
  ) throws -> PackTotals {
    let shape = model.architecture
    let neurons = shape.layers * shape.dMLP
    var found = PackTotals(documents: pack.documents.count, neurons: neurons)
    found.hasRow = pack.documents.indices.map { scan.documents[pack.first + $0].row != nil }
    found.samples = pack.documents.indices.flatMap { document in
      scan.samples(of: pack.first + document).map { _ in
        [Float](repeating: 0, count: neurons)
      }
    }
    var moments = ColumnMoments(columns: shape.dMLP)
    run(pack, upTo: shape.layers - 1) { layer, worker in
      worker.read(layer, of: pack, scan, &moments, into: &found, &sheet)
    }
    guard found.sum.allSatisfy(\.isFinite) else { throw NotFinite() }
    return found
  }

  /// Reads hook_post of the layer that ran last.
  private func read(
    _ layer: Int, of pack: DocumentPack, _ scan: BlockScan, _ moments: inout ColumnMoments,
    into found: inout PackTotals, _ sheet: inout [UInt32]
  ) {
    let width = model.architecture.dMLP
    let neurons = model.architecture.layers * width
    let column = forward.postBlock.column
    var (first, sample) = (0, 0)
    for (index, ids) in pack.documents.enumerated() {
      let skipped = min(pack.front, ids.count)
      let block = Block(
        row: first + skipped, column: column, rows: ids.count - skipped, columns: width)
      let part = scan.documents[pack.first + index].part
      sheet.withUnsafeMutableBufferPointer { sheet in
        let start = (part * neurons + layer * width) * ActivationBins.count
        forward.kernels.countBins(
          forward.hidden, block,
          into: UnsafeMutableBufferPointer(
            rebasing: sheet[start..<start + width * ActivationBins.count]))
      }
      moments.read(forward.hidden, block, kernels: forward.kernels)
      found.add(moments, document: index, neurons: neurons, first: layer * width, block, skipped)
      for token in scan.samples(of: pack.first + index) {
        let start = (first + token.position) * forward.hidden.columns + column
        found.samples[sample].replaceSubrange(
          layer * width..<(layer + 1) * width,
          with: forward.hidden.elements[start..<start + width])
        sample += 1
      }
      first += ids.count
    }
  }
}

extension PackTotals {
  /// Adds a layer of a document.
  fileprivate mutating func add(
    _ moments: ColumnMoments, document: Int, neurons: Int, first: Int, _ block: Block,
    _ skipped: Int
  ) {
    guard block.rows > 0 else { return }
    let start = document * neurons + first
    for column in 0..<block.columns {
      sum[first + column] += moments.sum[column]
      squares[first + column] += moments.squares[column]
      least[first + column] = min(least[first + column], moments.least[column])
      means[start + column] = Float(moments.sum[column] / Double(block.rows))
      most[start + column] = moments.most[column]
      positions[start + column] = moments.place[column] + Int32(skipped)
    }
  }
}
