// SPDX-License-Identifier: BSD-3-Clause
#pragma once
#include <torchlite/ops/linalg/svd.hpp>
#include <torchlite/ops/reduce/norm.hpp>
#include <torchlite/ops/shape/permute.hpp>

#include <limits>

namespace torchlite::inline TORCHLITE_ABI {
namespace linalg {

/// Which norm: a number, "fro", "nuc", or nothing.
class Order {
 public:
  enum class Kind { none, number, frobenius, nuclear };
  constexpr Order() = default;
  template <scalar S>
  constexpr Order(S p) : kind_(Kind::number), p_(static_cast<double>(p)) {}  // NOLINT(google-explicit-constructor): norm(x, 2)
  Order(std::string_view name)
      : name_(name), kind_(name == "nuc" ? Kind::nuclear : Kind::frobenius) {  // NOLINT(google-explicit-constructor)
    check<Error>(name == "nuc" || name == "fro", "linalg.norm: the order is \"{}\"; it must be a number, \"fro\" or \"nuc\"", name);
  }
  Order(const char* name) : Order(std::string_view(name)) {}  // NOLINT(google-explicit-constructor)

  Kind kind() const { return kind_; }
  double p() const { return p_; }
  std::string str() const { return kind_ == Kind::number ? format_text("{}", p_) : name_; }

 private:
  std::string name_;
  Kind kind_ = Kind::none;
  double p_ = 2;
};

/// (sum |x|^ord)^(1/ord) over all or the given dimensions; the number of elements that are not 0 for 0, the largest and the least
/// size for the infinities.
///   x [...] -> [] or x's sizes without the dimensions (1 in their place with keepdim)
/// Throws Error where nothing has no norm: ord negative or infinite over dimensions without elements.
template <tensor_like X>
tensor_of<X> vector_norm(const X& x_, double ord = 2, const Axes& dim = {}, bool keepdim = false, Site site = Site::current()) {
  using Y = tensor_of<X>;
  const Y& x = eval(x_, site);
  const ops::ReducedShape r("linalg.vector_norm", x.sizes(), dim, keepdim);
  check<IndexError>(r.count > 0 || (ord >= 0 && ord <= std::numeric_limits<double>::max()),
                    "linalg.vector_norm: the norm of order {} of shape {} over dimensions without elements has no value", ord,
                    x.sizes().str());
  Y out = torchlite::norm(x, ord, dim, keepdim, site);
  if (ord == 0 && autograd::needed(x))  // piecewise constant: a part of the graph, with a gradient of zeros
    out = autograd::record("linalg_vector_norm", site, out, autograd::inputs(x),
                           [sizes = x.sizes()](const autograd::Pass&, const Y&) { return zeros<value_t<X>, device_t<X>>(sizes); });
  return out;
}

/// A norm of matrices: "fro", "nuc" (the sum of the singular values), 2 and -2 (the largest and the least singular value), 1 and
/// -1 (the largest and the least sum of sizes in a column), infinity and -infinity (in a row).
///   A [..., m, n], or with the two dimensions of a matrix named -> [...], 1 in place of the dimensions with keepdim
/// Throws Error for another order, ShapeError for other than two dimensions.
template <tensor_like A>
tensor_of<A> matrix_norm(const A& a_, const Order& ord = "fro", const Shape& dim = {-2, -1}, bool keepdim = false,
                         Site site = Site::current()) {
  using Y = tensor_of<A>;
  const char* op = "linalg.matrix_norm";
  static_assert(floating<value_t<A>>, "linalg.matrix_norm needs a floating dtype; cast first: x.to<float>()");
  const Y& a = eval(a_, site);
  check<ShapeError>(a.dim() >= 2, "{}: a tensor of shape {} holds no matrices; it needs at least 2 dimensions", op, a.sizes().str());
  check<ShapeError>(dim.rank() == 2, "{}: dim is {}; a matrix has two dimensions", op, dim.str());
  int rows = normalize_axis(op, dim[0], a.dim()), columns = normalize_axis(op, dim[1], a.dim());
  check<ShapeError>(rows != columns, "{}: dim is {}; the two dimensions must differ", op, dim.str());
  if (ord.kind() == Order::Kind::frobenius || ord.kind() == Order::Kind::none)
    return linalg::vector_norm(a, 2, Shape{rows, columns}, keepdim, site);
  const double size = ord.p() < 0 ? -ord.p() : ord.p();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const bool nuclear = ord.kind() == Order::Kind::nuclear;
  check<Error>(nuclear || size == 1 || size == 2 || size == infinity,
               "{}: the order is {}; it must be \"fro\", \"nuc\", or 1, 2 or infinity of either sign", op, ord.str());
  if (nuclear || size == 2) {
    if constexpr (factorable<value_t<A>>) {
      Shape order;
      for (int d = 0; d < a.dim(); ++d)
        if (d != rows && d != columns) order.push_back(d);
      order.push_back(rows);
      order.push_back(columns);
      const Y values = linalg::svdvals(permute(a, order, site), site);
      Y out = nuclear ? Y(sum(values, -1, false, site)) : ord.p() > 0 ? Y(amax(values, -1, false, site)) : Y(amin(values, -1, false, site));
      if (!keepdim) return out;
      out = unsqueeze(out, rows < columns ? rows : columns, site);
      return unsqueeze(out, rows < columns ? columns : rows, site);
    } else {
      fail<DtypeError>("{}: order {} needs singular values, which dtype {} has not; cast to float or double", op, ord.str(),
                       to_string(dtype_v<value_t<A>>));
    }
  }
  if (size == infinity) std::swap(rows, columns);
  const Y sums = sum(abs(a), rows, true, site);
  Y out = ord.p() > 0 ? Y(amax(sums, columns, true, site)) : Y(amin(sums, columns, true, site));
  return keepdim ? out : Y(squeeze(out, Shape{rows, columns}, site));
}

/// A norm of vectors or of matrices: of vectors if one dimension is given, or none and A has one; without an order the length of
/// everything in the given or all dimensions.
template <tensor_like A>
tensor_of<A> norm(const A& a_, const Order& ord = {}, const Axes& dim = {}, bool keepdim = false, Site site = Site::current()) {
  const auto& a = eval(a_, site);
  if (ord.kind() == Order::Kind::none) return linalg::vector_norm(a, 2, dim, keepdim, site);
  check<ShapeError>(dim.all() ? a.dim() == 1 || a.dim() == 2 : dim.list().rank() <= 2,
                    "linalg.norm: a tensor of shape {}, dim {}: with an order, one or two dimensions are needed", a.sizes().str(),
                    dim.list().str());
  const bool vectors = dim.all() ? a.dim() == 1 : dim.list().rank() == 1;
  if (!vectors) return linalg::matrix_norm(a, ord, dim.all() ? Shape{0, 1} : dim.list(), keepdim, site);
  check<Error>(ord.kind() == Order::Kind::number, "linalg.norm: order \"{}\" is one of matrices; a tensor of shape {}, dim {} is a vector",
               ord.str(), a.sizes().str(), dim.list().str());
  return linalg::vector_norm(a, ord.p(), dim, keepdim, site);
}

}  // namespace linalg

/// norm(x, "fro") and norm(x, "nuc") by PyTorch's old name: of the whole tensor ("nuc": of a matrix), or of two dimensions.
template <tensor_like X, std::convertible_to<std::string_view> P>
tensor_of<X> norm(const X& x_, const P& p, const Axes& dim = {}, bool keepdim = false, Site site = Site::current()) {
  const auto& x = eval(x_, site);
  const linalg::Order order{std::string_view(p)};
  if (order.kind() == linalg::Order::Kind::frobenius) return linalg::vector_norm(x, 2, dim, keepdim, site);
  check<ShapeError>(!dim.all() || x.dim() == 2, "norm: \"nuc\" of a tensor of shape {}; without dim a matrix is needed", x.sizes().str());
  return linalg::matrix_norm(x, order, dim.all() ? Shape{0, 1} : dim.list(), keepdim, site);
}

}  // namespace torchlite::inline TORCHLITE_ABI
