// SPDX-License-Identifier: BSD-3-Clause
// Layers that add elements around their input.
#pragma once
#include <torchlite/nn/module.hpp>
#include <torchlite/nn/repr.hpp>
#include <torchlite/ops/pad/pad.hpp>

#include <concepts>

namespace torchlite::inline TORCHLITE_ABI::nn {

/// One number for all sides, or two for each dimension, as two for each dimension.
inline Shape padding_sides(std::string_view layer, const Shape& sides, int dims) {
  check<ShapeError>(sides.rank() == 1 || sides.rank() == 2 * dims, "{}: padding is {}; one number or {} are needed", layer, sides.str(),
                    2 * dims);
  return sides.rank() == 1 ? Shape::filled(2 * dims, sides[0]) : sides;
}

/// A layer that adds elements around its input: one number for all sides, or two for each dimension, last dimension first.
template <class Self, int dims, PadMode mode>
struct PaddingLayer : Module<Self> {
  PaddingLayer() = default;
  PaddingLayer(const Shape& sides) : padding(padding_sides(reflect::class_name<Self>(), sides, dims)) {}

  template <tensor_like X>
  auto forward(const X& x) const {
    return torchlite::pad(x, padding, mode, static_cast<value_t<X>>(value));
  }
  std::string extra_repr() const { return repr(padding); }
  auto fields() { return nn::fields("padding", padding, "value", value); }

  Shape padding = Shape::filled(2 * dims, 0);
  double value = 0;
};

template <class Self, int dims>
struct ConstantPaddingLayer : PaddingLayer<Self, dims, PadMode::constant> {
  ConstantPaddingLayer() = default;
  ConstantPaddingLayer(const Shape& sides, double number) : PaddingLayer<Self, dims, PadMode::constant>(sides) { this->value = number; }

  std::string extra_repr() const { return named_values({{"padding", repr(this->padding)}, {"value", fmt::to_string(this->value)}}); }
};

/// The input mirrored at its edges, which are not repeated.
///   x [N, C, L] or [C, L] -> [..., L2]
struct ReflectionPad1d : PaddingLayer<ReflectionPad1d, 1, PadMode::reflect> {
  ReflectionPad1d() = default;
  ReflectionPad1d(const Shape& sides) : PaddingLayer(sides) {}
  ReflectionPad1d(std::integral auto sides) : ReflectionPad1d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// The input mirrored at its edges, which are not repeated.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct ReflectionPad2d : PaddingLayer<ReflectionPad2d, 2, PadMode::reflect> {
  ReflectionPad2d() = default;
  ReflectionPad2d(const Shape& sides) : PaddingLayer(sides) {}
  ReflectionPad2d(std::integral auto sides) : ReflectionPad2d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// The input mirrored at its edges, which are not repeated.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct ReflectionPad3d : PaddingLayer<ReflectionPad3d, 3, PadMode::reflect> {
  ReflectionPad3d() = default;
  ReflectionPad3d(const Shape& sides) : PaddingLayer(sides) {}
  ReflectionPad3d(std::integral auto sides) : ReflectionPad3d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// The edges of the input repeated.
///   x [N, C, L] or [C, L] -> [..., L2]
struct ReplicationPad1d : PaddingLayer<ReplicationPad1d, 1, PadMode::replicate> {
  ReplicationPad1d() = default;
  ReplicationPad1d(const Shape& sides) : PaddingLayer(sides) {}
  ReplicationPad1d(std::integral auto sides) : ReplicationPad1d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// The edges of the input repeated.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct ReplicationPad2d : PaddingLayer<ReplicationPad2d, 2, PadMode::replicate> {
  ReplicationPad2d() = default;
  ReplicationPad2d(const Shape& sides) : PaddingLayer(sides) {}
  ReplicationPad2d(std::integral auto sides) : ReplicationPad2d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// The edges of the input repeated.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct ReplicationPad3d : PaddingLayer<ReplicationPad3d, 3, PadMode::replicate> {
  ReplicationPad3d() = default;
  ReplicationPad3d(const Shape& sides) : PaddingLayer(sides) {}
  ReplicationPad3d(std::integral auto sides) : ReplicationPad3d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// The other end of the input.
///   x [N, C, L] or [C, L] -> [..., L2]
struct CircularPad1d : PaddingLayer<CircularPad1d, 1, PadMode::circular> {
  CircularPad1d() = default;
  CircularPad1d(const Shape& sides) : PaddingLayer(sides) {}
  CircularPad1d(std::integral auto sides) : CircularPad1d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// The other end of the input.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct CircularPad2d : PaddingLayer<CircularPad2d, 2, PadMode::circular> {
  CircularPad2d() = default;
  CircularPad2d(const Shape& sides) : PaddingLayer(sides) {}
  CircularPad2d(std::integral auto sides) : CircularPad2d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// The other end of the input.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct CircularPad3d : PaddingLayer<CircularPad3d, 3, PadMode::circular> {
  CircularPad3d() = default;
  CircularPad3d(const Shape& sides) : PaddingLayer(sides) {}
  CircularPad3d(std::integral auto sides) : CircularPad3d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// Zeros around the input.
///   x [N, C, L] or [C, L] -> [..., L2]
struct ZeroPad1d : PaddingLayer<ZeroPad1d, 1, PadMode::constant> {
  ZeroPad1d() = default;
  ZeroPad1d(const Shape& sides) : PaddingLayer(sides) {}
  ZeroPad1d(std::integral auto sides) : ZeroPad1d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// Zeros around the input.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct ZeroPad2d : PaddingLayer<ZeroPad2d, 2, PadMode::constant> {
  ZeroPad2d() = default;
  ZeroPad2d(const Shape& sides) : PaddingLayer(sides) {}
  ZeroPad2d(std::integral auto sides) : ZeroPad2d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// Zeros around the input.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct ZeroPad3d : PaddingLayer<ZeroPad3d, 3, PadMode::constant> {
  ZeroPad3d() = default;
  ZeroPad3d(const Shape& sides) : PaddingLayer(sides) {}
  ZeroPad3d(std::integral auto sides) : ZeroPad3d(Shape{static_cast<std::int64_t>(sides)}) {}
};

/// A constant around the input.
///   x [N, C, L] or [C, L] -> [..., L2]
struct ConstantPad1d : ConstantPaddingLayer<ConstantPad1d, 1> {
  ConstantPad1d() = default;
  ConstantPad1d(const Shape& sides, double number) : ConstantPaddingLayer<ConstantPad1d, 1>(sides, number) {}
  ConstantPad1d(std::integral auto sides, double number) : ConstantPad1d(Shape{static_cast<std::int64_t>(sides)}, number) {}
};

/// A constant around the input.
///   x [N, C, H, W] or [C, H, W] -> [..., H2, W2]
struct ConstantPad2d : ConstantPaddingLayer<ConstantPad2d, 2> {
  ConstantPad2d() = default;
  ConstantPad2d(const Shape& sides, double number) : ConstantPaddingLayer<ConstantPad2d, 2>(sides, number) {}
  ConstantPad2d(std::integral auto sides, double number) : ConstantPad2d(Shape{static_cast<std::int64_t>(sides)}, number) {}
};

/// A constant around the input.
///   x [N, C, D, H, W] or [C, D, H, W] -> [..., D2, H2, W2]
struct ConstantPad3d : ConstantPaddingLayer<ConstantPad3d, 3> {
  ConstantPad3d() = default;
  ConstantPad3d(const Shape& sides, double number) : ConstantPaddingLayer<ConstantPad3d, 3>(sides, number) {}
  ConstantPad3d(std::integral auto sides, double number) : ConstantPad3d(Shape{static_cast<std::int64_t>(sides)}, number) {}
};

}  // namespace torchlite::inline TORCHLITE_ABI::nn
