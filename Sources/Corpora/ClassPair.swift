/// One value for the target class and one for the other.
package struct ClassPair<Value: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
  package var target: Value
  package var other: Value

  package init(target: Value, other: Value) {
    self.target = target
    self.other = other
  }
}
