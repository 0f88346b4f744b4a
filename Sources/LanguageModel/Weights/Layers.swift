import LinearAlgebra
import Synchronization

/// The blocks of a model: all in memory, or loaded when they are needed and then released.
package struct Layers: Sendable {
  package let count: Int
  private let storage: Storage

  private enum Storage: Sendable {
    case resident([Transformer.Layer])
    case onDemand(LayerStore)
  }

  init(resident layers: [Transformer.Layer]) {
    count = layers.count
    storage = .resident(layers)
  }

  /// - Parameters:
  ///   - atOnce: the most layers in memory at a time
  ///   - load: reads and processes a layer; it returns the same numbers every time.
  init(count: Int, atOnce: Int, load: @escaping @Sendable (Int) -> Transformer.Layer) {
    self.count = count
    storage = .onDemand(LayerStore(atOnce: atOnce, load: load))
  }

  /// A layer's weights. Layers that are loaded on demand stay in memory while the value is held:
  /// hold it for one step of a pass, not longer.
  package subscript(layer: Int) -> Transformer.Layer {
    switch storage {
    case .resident(let layers): layers[layer]
    case .onDemand(let store): store.layer(layer)
    }
  }
}

/// A few layers of a model that does not fit into memory, shared by all workers.
///
/// Workers run packs through the same layers at about the same time and share each loading. A
/// worker that is ahead waits until the least recently used layer is released, instead of removing
/// one that the others need next.
private final class LayerStore: Sendable {
  private let atOnce: Int
  private let load: @Sendable (Int) -> Transformer.Layer
  private let state = Mutex(State())
  private let changed = ChangeSignal()

  private struct State {
    /// The layers in memory, the least recently used first; weights are nil while they are loaded.
    var slots: [(layer: Int, weights: Transformer.Layer?)] = []
    /// The number of holders of each layer.
    var leases: [Int: Int] = [:]
  }

  init(atOnce: Int, load: @escaping @Sendable (Int) -> Transformer.Layer) {
    self.atOnce = max(1, atOnce)
    self.load = load
  }

  /// Counts as one holder of a layer, as long as it exists.
  final class Lease: Sendable {
    private let layer: Int
    private let store: LayerStore

    init(_ layer: Int, of store: LayerStore) {
      self.layer = layer
      self.store = store
    }

    deinit { store.release(layer) }
  }

  func layer(_ layer: Int) -> Transformer.Layer {
    var isPatient = true
    while true {
      switch step(towards: layer, isPatient: isPatient) {
      case .ready(let weights):
        var held = weights
        held.lease = Lease(layer, of: self)
        return held
      case .wait(let ticket):
        // The wait is limited, because a worker that holds one layer and asks for another would
        // wait for itself.
        isPatient = changed.wait(after: ticket, seconds: 5)
      case .load:
        let weights = load(layer)
        state.withLock { state in
          guard let place = state.slots.firstIndex(where: { $0.layer == layer }) else { return }
          state.slots[place].weights = weights
        }
        changed.signal()
      }
    }
  }

  private enum Step {
    case ready(Transformer.Layer)
    case wait(ticket: Int)
    case load
  }

  private func step(towards layer: Int, isPatient: Bool) -> Step {
    // The ticket is taken before the state is read, so that no change is missed.
    let ticket = changed.ticket
    return state.withLock { state in
      if let place = state.slots.firstIndex(where: { $0.layer == layer }) {
        guard let weights = state.slots[place].weights else { return .wait(ticket: ticket) }
        state.slots.append(state.slots.remove(at: place))
        state.leases[layer, default: 0] += 1
        return .ready(weights)
      }
      if state.slots.count >= atOnce {
        let oldest = state.slots[0]
        let isFree = oldest.weights != nil && state.leases[oldest.layer, default: 0] == 0
        guard isFree || !isPatient else { return .wait(ticket: ticket) }
        state.slots.removeAll { $0.layer == oldest.layer && $0.weights != nil }
      }
      state.slots.append((layer, nil))
      return .load
    }
  }

  private func release(_ layer: Int) {
    state.withLock { $0.leases[layer, default: 1] -= 1 }
    changed.signal()
  }
}
