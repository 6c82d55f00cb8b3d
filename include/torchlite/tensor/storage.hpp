// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/cpu/memory.hpp>
#include <torchlite/core/ref.hpp>

#include <concepts>

namespace torchlite::inline TORCHLITE_ABI {

/// A block of memory of one device, shared by a tensor and its views, with a counter of its in-place changes.
class Storage : public Counted {
 public:
  void* data = nullptr;
  std::size_t bytes = 0;
  std::uint32_t version = 0;
  std::int32_t device = 0;  ///< which of several devices the memory is on
  void (*release)(Storage*) = nullptr;
  void* context = nullptr;  ///< what release needs to know
};

inline void destroy(Storage* s) { s->release(s); }

using backend::Place;
/// A device that remembers where memory was taken from, so that it is given back there: current_place(d), deallocate(d, p, bytes, place).
template <class D>
concept has_places = requires(D d, void* p, std::size_t bytes, Place place) {
  { current_place(d) } -> std::same_as<Place>;
  deallocate(d, p, bytes, place);
};

/// Fresh memory on D, its content undefined.
template <class D>
Ref<Storage> make_storage(D, std::size_t bytes) {
  if constexpr (std::is_same_v<D, Cpu>) {
    // Header and data in one block.
    constexpr std::size_t header = (sizeof(Storage) + 63) & ~std::size_t{63};
    void* p = allocate(Cpu{}, header + bytes);
    auto* s = new (p) Storage;
    s->data = static_cast<std::byte*>(p) + header;
    s->bytes = bytes;
    s->release = [](Storage* dead) {
      const std::size_t size = dead->bytes;
      dead->~Storage();
      deallocate(Cpu{}, dead, header + size);
    };
    return Ref<Storage>(s);
  } else {
    void* data = allocate(D{}, bytes);
    auto* s = new (allocate(Cpu{}, sizeof(Storage))) Storage;
    s->data = data;
    s->bytes = bytes;
    if constexpr (has_places<D>) {
      const Place place = current_place(D{});
      s->device = place.device;
      s->context = place.queue;
    }
    s->release = [](Storage* dead) {
      if constexpr (has_places<D>) deallocate(D{}, dead->data, dead->bytes, Place{dead->device, dead->context});
      else deallocate(D{}, dead->data, dead->bytes);
      dead->~Storage();
      deallocate(Cpu{}, dead, sizeof(Storage));
    };
    return Ref<Storage>(s);
  }
}

/// Memory that somebody else owns; deleter(data) runs when the last tensor lets go of it.
template <class Deleter>
Ref<Storage> wrap_storage(void* data, std::size_t bytes, Deleter deleter) {
  auto* s = new (allocate(Cpu{}, sizeof(Storage))) Storage;
  s->data = data;
  s->bytes = bytes;
  s->context = new Deleter(std::move(deleter));
  s->release = [](Storage* dead) {
    auto* d = static_cast<Deleter*>(dead->context);
    (*d)(dead->data);
    delete d;
    dead->~Storage();
    deallocate(Cpu{}, dead, sizeof(Storage));
  };
  return Ref<Storage>(s);
}

}  // namespace torchlite::inline TORCHLITE_ABI
