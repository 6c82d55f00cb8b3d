// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/backend/formula.hpp>
#include <torchlite/backend/reducer.hpp>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

/// What a kernel has in place of a dtype, a formula or a reducer of complex numbers: the same with math::DeviceComplex.
template <class X>
struct OnDevice {
  using type = X;
};
template <class X>
using on_device_t = typename OnDevice<X>::type;
template <class R>
struct OnDevice<std::complex<R>> {
  using type = math::DeviceComplex<R>;
};
template <int I, class T>
struct OnDevice<Leaf<I, T>> {
  using type = Leaf<I, on_device_t<T>>;
};
template <int I, class T>
struct OnDevice<Constant<I, T>> {
  using type = Constant<I, on_device_t<T>>;
};
template <class Op, class V, class C, class... F>
struct OnDevice<Apply<Op, V, C, F...>> {
  using type = Apply<Op, on_device_t<V>, on_device_t<C>, on_device_t<F>...>;
};
template <class R>
struct OnDevice<SumReducer<std::complex<R>>> {
  using type = SumReducer<math::DeviceComplex<R>>;
};
template <class R>
struct OnDevice<ProdReducer<std::complex<R>>> {
  using type = ProdReducer<math::DeviceComplex<R>>;
};
template <class R>
struct OnDevice<AnyReducer<std::complex<R>>> {
  using type = AnyReducer<math::DeviceComplex<R>>;
};
template <class R>
struct OnDevice<AllReducer<std::complex<R>>> {
  using type = AllReducer<math::DeviceComplex<R>>;
};

/// Memory as a kernel sees it.
template <class T>
on_device_t<T>* on_device(T* p) {
  return reinterpret_cast<on_device_t<T>*>(p);
}
template <class T>
const on_device_t<T>* on_device(const T* p) {
  return reinterpret_cast<const on_device_t<T>*>(p);
}

/// True if kernels take all of these as they are.
template <class... X>
inline constexpr bool runs_as_written = (std::is_same_v<X, on_device_t<X>> && ...);

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
