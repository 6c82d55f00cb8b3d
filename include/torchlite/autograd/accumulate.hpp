// SPDX-License-Identifier: BSD-3-Clause
// Sums of gradients whose type the engine does not see.
#pragma once
#include <torchlite/autograd/record.hpp>
#include <torchlite/backend/cpu/map.hpp>

namespace torchlite::inline TORCHLITE_ABI {

namespace autograd {
struct AddFormula {
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return a + b;
  }
};
struct TimesFormula {
  template <class T>
  TORCHLITE_HOST_DEVICE static T value(T a, T b) {
    return a * b;
  }
};
}  // namespace autograd

/// dst = src, element by element, for any strides; src broadcasts to dst's sizes, and the dtypes may differ.
template <class T, class S, class D>
void copy_elements(const Tensor<T, D>& dst, const Tensor<S, D>& src) {
  const backend::StridedMemory leaf = strided_memory(src);
  backend::MapArguments a{strided_memory(dst), &leaf, 1, nullptr, dst.is_contiguous() && src.is_contiguous() && dst.sizes() == src.sizes()};
  map<backend::Leaf<0, S>, T>(D{}, a);
}

/// Every element = value.
template <class T, class D>
void fill_elements(const Tensor<T, D>& t, T value) {
  using R = register_t<T>;
  backend::Scalar scalar;
  backend::store_scalar<R>(scalar, static_cast<R>(value));
  backend::MapArguments a{strided_memory(t), nullptr, 0, &scalar, t.is_contiguous()};
  map<backend::Constant<0, R>, T>(D{}, a);
}

template <class T, class D>
ImplRef copy_gradient(const ImplRef& tensor) {
  const Tensor<T, D> from(tensor), to = empty<T, D>(from.sizes());
  copy_elements(to, from);
  return to.ref();
}

template <class T, class D>
ImplRef ones_like_gradient(const ImplRef& tensor) {
  const Tensor<T, D> t = empty<T, D>(tensor->sizes);
  fill_elements(t, static_cast<T>(1));
  return t.ref();
}

template <class T, class D>
ImplRef empty_gradient(const Shape& sizes) {
  return empty<T, D>(sizes).ref();
}

template <class T, class D>
ImplRef scaled_gradient(const ImplRef& tensor, double by) {
  const Tensor<T, D> from(tensor), out = empty<T, D>(from.sizes());
  if constexpr (differentiable<T>) {
    using R = register_t<T>;
    using Formula = backend::Apply<autograd::TimesFormula, R, R, backend::Leaf<0, T>, backend::Constant<0, R>>;
    const backend::StridedMemory leaf = strided_memory(from);
    backend::Scalar scalar;
    backend::store_scalar<R>(scalar, by);
    map<Formula, T>(D{}, backend::MapArguments{strided_memory(out), &leaf, 1, &scalar, from.is_contiguous()});
  } else {
    fail<DtypeError>("backward: gradients have floating dtypes, not {}", to_string(dtype_v<T>));
  }
  return out.ref();
}

template <class T, class D>
bool gradient_has_nan(const ImplRef& tensor) {
  if constexpr (differentiable<T>) {
    for (const T x : Tensor<T, D>(tensor).to_vector()) {
      const register_t<T> value = static_cast<register_t<T>>(x);
      if (value != value) return true;
    }
  }
  return false;
}

template <class T, class D>
void accumulate_gradient(ImplRef& into, const ImplRef& gradient, bool create_graph) {
  if (!into) {
    into = gradient;
    return;
  }
  const Tensor<T, D> a(into), b(gradient);
  check<ShapeError>(a.sizes() == b.sizes(), "backward: gradients of shapes {} and {} for the same tensor", a.sizes().str(),
                    b.sizes().str());
  using R = register_t<T>;
  using Sum = backend::Apply<autograd::AddFormula, R, R, backend::Leaf<0, T>, backend::Leaf<1, T>>;
  // Handles in use: into's, and a's copy of it.
  const bool in_place = !create_graph && into->use_count() <= 2 && into->storage->use_count() == 1 && a.is_contiguous();
  Tensor<T, D> sum = in_place ? a : empty<T, D>(a.sizes());
  const backend::StridedMemory leaves[] = {strided_memory(a), strided_memory(b)};
  backend::MapArguments arguments{strided_memory(sum), leaves, 2, nullptr, a.is_contiguous() && b.is_contiguous()};
  map<Sum, T>(D{}, arguments);
  if (create_graph && autograd::needed(a, b))
    sum = autograd::record("add", Site{}, std::move(sum), autograd::inputs(a, b),
                           [](const autograd::Pass&, const Tensor<T, D>& g) { return std::tuple(g, g); });
  into = sum.ref();
}

}  // namespace torchlite::inline TORCHLITE_ABI
