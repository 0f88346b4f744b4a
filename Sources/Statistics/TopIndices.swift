/// The indices of the `count` largest values, largest first; equal values come by ascending index.
///
/// NaN is smaller than every number. All indices are returned when there are fewer than `count`.
/// - Complexity: O(n · count) at worst, close to O(n) on values in no particular order.
@inlinable
package func topIndices<Value: FloatingPoint>(by values: [Value], count: Int) -> [Int] {
  func isLarger(_ left: Value, _ right: Value) -> Bool {
    left > right || (right.isNaN && !left.isNaN)
  }
  guard count > 0 else { return [] }
  var top: [Int] = []
  for index in values.indices {
    if top.count == count {
      guard isLarger(values[index], values[top[count - 1]]) else { continue }
      top.removeLast()
    }
    var place = top.count
    while place > 0 && isLarger(values[index], values[top[place - 1]]) { place -= 1 }
    top.insert(index, at: place)
  }
  return top
}
