import CCmark

/// Turns the Markdown of a report's prose and of the author's notes into HTML. No other file calls
/// cmark.
///
/// cmark parses in its safe mode. Its tree is changed before it is printed:
/// - A paragraph that is a pipe table becomes a table, in a container that scrolls.
/// - Headings get ids, which are the slugs of their text.
/// - An empty comment inside a text is removed. Other HTML becomes text or a code block. An address
///   that could run code or load something from elsewhere becomes text.
///
/// Because the tree is changed and not the source, no second parser for code blocks and containers
/// is needed, and no placeholder could be imitated by a text.
package enum MarkdownRenderer {
  /// Renders `markdown` for a page that uses `reservedIDs` itself. With `isAlone`, links to files
  /// become text. The highest headings get the level `firstLevel`.
  ///
  /// - Complexity: linear in the text, up to the depth of its nesting.
  package static func render(
    _ markdown: String, reservedIDs: Set<String> = [], isAlone: Bool = false, firstLevel: Int = 2
  ) -> RenderedMarkdown {
    let source = unixLines(HTMLText.visible(markdown))
    // cmark ends the process if one of its buffers exceeds a gigabyte.
    guard source.count <= 64 << 20, let document = Node(parsing: source) else {
      let text = HTMLText.escaped(markdown)
      return RenderedMarkdown(html: "<pre tabindex=\"0\">\(text)</pre>\n", headings: [])
    }
    var tree = MarkdownTree(
      source: source, anchors: Anchors(reserved: reservedIDs), isAlone: isAlone,
      firstLevel: firstLevel)
    tree.rewrite(document)
    let html = document.html
    for node in tree.removed { node.free() }
    document.free()
    // A character reference can bring back characters that `visible` has replaced in the source.
    return RenderedMarkdown(html: HTMLText.visible(html), headings: tree.headings)
  }

  private static func unixLines(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\r") {
        bytes.append(UInt8(ascii: "\n"))
      } else if !(byte == UInt8(ascii: "\n") && previous == UInt8(ascii: "\r")) {
        bytes.append(byte)
      }
      previous = byte
    }
    return bytes
  }
}

/// Changes the tree of one parsed document.
private struct MarkdownTree {
  let lines: [ArraySlice<UInt8>]
  var anchors: Anchors
  /// Whether the page has no files beside it.
  let isAlone: Bool
  /// The level of the highest headings.
  let firstLevel: Int
  var headings: [RenderedMarkdown.Heading] = []
  /// Nodes removed from the tree. They are freed at the end, because later steps may still use
  /// them.
  var removed: [Node] = []
  init(source: [UInt8], anchors: Anchors, isAlone: Bool, firstLevel: Int) {
    lines = source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    self.anchors = anchors
    self.isAlone = isAlone
    self.firstLevel = firstLevel
  }

  mutating func rewrite(_ document: Node) {
    let nodes = document.descendants
    if isAlone { unlinkFiles(nodes) }
    rewriteInlines(nodes)
    for node in nodes where node.parent != nil {
      switch node.kind {
      case CMARK_NODE_HEADING: rewriteHeading(node)
      case CMARK_NODE_CODE_BLOCK, CMARK_NODE_HTML_BLOCK:
        replace(node, with: codeBlock(node.literal))
      case CMARK_NODE_PARAGRAPH:
        if let table = table(node) { replace(node, with: table) }
      default: break
      }
    }
  }

  // MARK: Inlines

  private mutating func rewriteInlines(_ nodes: [Node]) {
    for node in nodes {
      switch node.kind {
      case CMARK_NODE_TEXT:
        let text = node.literal
        if case let bound = HTMLText.bound(text), bound != text {
          replace(node, with: Node(text: bound))
        }
      // Empty comments divide text for forges; this page does not need them.
      case CMARK_NODE_HTML_INLINE where node.literal == "<!-- -->": remove(node)
      case CMARK_NODE_HTML_INLINE: replace(node, with: Node(text: node.literal))
      case CMARK_NODE_LINK where !SafeAddress.isLink(node.url): unwrap(node)
      case CMARK_NODE_IMAGE where !SafeAddress.isOwnImage(node.url): unwrap(node)
      default: break
      }
    }
  }

  /// Replaces links to files by their text, and images by their description.
  private mutating func unlinkFiles(_ nodes: [Node]) {
    for node in nodes where SafeAddress.isOwnFile(node.url) {
      if node.kind == CMARK_NODE_LINK {
        while let child = node.firstChild { node.precede(with: child) }
        remove(node)
      } else if node.kind == CMARK_NODE_IMAGE {
        unwrap(node)
      }
    }
  }

  /// Replaces a refused link or image by its text, followed by its address as text.
  private mutating func unwrap(_ node: Node) {
    let address = Node(text: node.firstChild == nil ? node.url : " (\(node.url))")
    while let child = node.firstChild { node.precede(with: child) }
    replace(node, with: address)
  }

  // MARK: Headings

  private mutating func rewriteHeading(_ node: Node) {
    let text = HTMLText.visible(node.plainText)
    let level = min(6, max(0, node.headingLevel - 2) + firstLevel)
    let id = anchors.unique(Anchors.slug(text))
    headings.append(.init(level: level, id: id, text: text))
    let shown = HTMLText.escaped(id)
    let label = HTMLText.escaped("Link to section: " + text)
    let anchor = "<a class=\"anchor\" href=\"#\(shown)\" aria-label=\"\(label)\">#</a>"
    let inline = Node(
      inline: "<h\(level) id=\"\(shown)\">", exit: " \(anchor)</h\(level)>", childrenOf: node)
    replace(node, with: Node(block: "", child: inline))
  }

  // MARK: Code

  private func codeBlock(_ text: String) -> Node {
    let code = HTMLText.escaped(text)
    return Node(
      block: "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>\(code)</code></pre>")
  }

  // MARK: Tables

  private mutating func table(_ node: Node) -> Node? {
    let (first, last) = node.lines
    guard first >= 1, last > first, last <= lines.count,
      let alignmentRow = String(validating: lines[first], as: UTF8.self),
      alignmentRow.contains("|"), alignmentRow.contains("-")
    else { return nil }
    // In a quotation, every line but the first still begins with the markers.
    let isQuoted = node.isQuoted
    let texts = lines[first - 1..<last].enumerated().map { index, line in
      index == 0
        ? line.dropFirst(node.column - 1)
        : line.drop { $0 == 0x20 || $0 == 0x09 || isQuoted && $0 == UInt8(ascii: ">") }
    }
    guard let table = PipeTable(lines: texts.map { String(decoding: $0, as: UTF8.self) }) else {
      return nil
    }
    return render(table)
  }

  private mutating func render(_ table: PipeTable) -> Node? {
    // Each cell is parsed as a one-line heading (`# cell`): a heading may hold only inlines and
    // cannot merge with its neighbour.
    let cells = table.header + table.rows.joined()
    let source = cells.map { "# " + Self.headingText($0) + "\n" }.joined()
    guard let parsed = Node(parsing: Array(source.utf8)) else { return nil }
    removed.append(parsed)
    rewriteInlines(parsed.descendants)

    let result = Node(
      block: "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Table\">\n<table>",
      exit: "</table>\n</div>")
    var heading = parsed.firstChild
    var before = "<thead>\n<tr>"
    for row in [table.header] + table.rows {
      let isHeader = heading == parsed.firstChild
      for column in table.header.indices {
        let alignment = table.alignments[column].map { " class=\"\($0.rawValue)\"" } ?? ""
        let isFilled = column < row.count
        let content = isFilled ? heading : nil
        let isNamed = isHeader && content?.firstChild != nil
        let cell = Node(
          inline: before + (isNamed ? "<th scope=\"col\"\(alignment)>" : "<td\(alignment)>"),
          exit: isNamed ? "</th>" : "</td>", childrenOf: content)
        result.append(cell)
        if isFilled { heading = heading?.next }
        before = ""
      }
      before = isHeader ? "</tr>\n</thead>\n<tbody>\n<tr>" : "</tr>\n<tr>"
    }
    result.append(Node(inline: table.rows.isEmpty ? "</tr>\n</thead>" : "</tr>\n</tbody>"))
    return result
  }

  /// `cell` as the text of a heading; number signs at its end are escaped, or Markdown would drop
  /// them.
  private static func headingText(_ cell: String) -> String {
    let signs = cell.utf8.reversed().prefix { $0 == UInt8(ascii: "#") }.count
    guard signs > 0 else { return cell }
    let head = cell.dropLast(signs)
    guard head.isEmpty || head.last == " " || head.last == "\t" else { return cell }
    return String(cell.dropLast()) + "\\#"
  }

  // MARK: Editing

  private mutating func replace(_ node: Node, with other: Node) {
    node.precede(with: other)
    remove(node)
  }

  private mutating func remove(_ node: Node) {
    node.unlink()
    removed.append(node)
  }
}

/// A node of cmark's tree.
private struct Node: Hashable {
  private let pointer: OpaquePointer

  private init?(_ pointer: OpaquePointer?) {
    guard let pointer else { return nil }
    self.pointer = pointer
  }

  private init(new kind: cmark_node_type) {
    // If there is no memory, cmark's allocator ends the process, so this cannot be nil.
    guard let pointer = cmark_node_new(kind) else { preconditionFailure("cmark has no memory") }
    self.pointer = pointer
  }

  init?(parsing source: [UInt8]) {
    self.init(
      source.withUnsafeBytes { bytes in
        cmark_parse_document(
          bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count, CMARK_OPT_DEFAULT)
      })
  }

  init(text: String) {
    self.init(new: CMARK_NODE_TEXT)
    cmark_node_set_literal(pointer, text)
  }

  /// A block with HTML of this program, which is printed unchanged.
  init(block enter: String, exit: String = "", child: Node? = nil) {
    self.init(new: CMARK_NODE_CUSTOM_BLOCK)
    cmark_node_set_on_enter(pointer, enter)
    cmark_node_set_on_exit(pointer, exit)
    if let child { append(child) }
  }

  /// HTML of this program around the children of `node`, which move to this node.
  init(inline enter: String, exit: String = "", childrenOf node: Node? = nil) {
    self.init(new: CMARK_NODE_CUSTOM_INLINE)
    cmark_node_set_on_enter(pointer, enter)
    cmark_node_set_on_exit(pointer, exit)
    while let child = node?.firstChild { append(child) }
  }

  var kind: cmark_node_type { cmark_node_get_type(pointer) }
  var literal: String { cmark_node_get_literal(pointer).map { String(cString: $0) } ?? "" }
  var url: String { cmark_node_get_url(pointer).map { String(cString: $0) } ?? "" }
  var headingLevel: Int { Int(cmark_node_get_heading_level(pointer)) }
  /// The first and the last line of the node in the source, from 1.
  var lines: (first: Int, last: Int) {
    (Int(cmark_node_get_start_line(pointer)), Int(cmark_node_get_end_line(pointer)))
  }
  /// The column in bytes at which the node begins in its first line, from 1.
  var column: Int { max(1, Int(cmark_node_get_start_column(pointer))) }

  var parent: Node? { Node(cmark_node_parent(pointer)) }
  var next: Node? { Node(cmark_node_next(pointer)) }
  var firstChild: Node? { Node(cmark_node_first_child(pointer)) }

  var isQuoted: Bool {
    sequence(first: self, next: \.parent).contains { $0.kind == CMARK_NODE_BLOCK_QUOTE }
  }

  /// All nodes below this one in reading order; parents come before their children.
  var descendants: [Node] {
    var nodes: [Node] = []
    let iterator = cmark_iter_new(pointer)
    defer { cmark_iter_free(iterator) }
    while case let event = cmark_iter_next(iterator), event != CMARK_EVENT_DONE {
      guard event == CMARK_EVENT_ENTER, let node = Node(cmark_iter_get_node(iterator)),
        node != self
      else { continue }
      nodes.append(node)
    }
    return nodes
  }

  /// The text of the node, code included and without markup.
  var plainText: String {
    descendants.map { node in
      switch node.kind {
      case CMARK_NODE_TEXT, CMARK_NODE_CODE: node.literal
      case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: " "
      default: ""
      }
    }.joined()
  }

  /// The document as HTML, printed in cmark's safe mode.
  var html: String {
    guard let text = cmark_render_html(pointer, CMARK_OPT_DEFAULT) else { return "" }
    defer { cmark_get_default_mem_allocator().pointee.free(text) }
    return String(cString: text)
  }

  func append(_ child: Node) { cmark_node_append_child(pointer, child.pointer) }
  func precede(with sibling: Node) { cmark_node_insert_before(pointer, sibling.pointer) }
  func unlink() { cmark_node_unlink(pointer) }
  func free() { cmark_node_free(pointer) }
}
