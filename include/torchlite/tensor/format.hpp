// SPDX-License-Identifier: BSD-3-Clause
// Tensors as text, laid out as PyTorch prints them: four decimals, columns aligned, more than 1000 elements summarised.
#pragma once
#include <torchlite/tensor/tensor.hpp>

#include <cmath>
#include <iosfwd>
#include <string>
#include <type_traits>

namespace torchlite::inline TORCHLITE_ABI {

/// An element for printing: an integer besides, since int64 does not fit double.
struct PrintedNumber {
  double real;
  std::int64_t integer;
  double imaginary = 0;
};

/// How the numbers of a tensor are written: all in one way.
struct NumberFormat {
  bool whole = true, scientific = false;
  std::size_t width = 1;
};

/// Prints host memory of any dtype; no template, so that printing costs its compile time once.
class TensorPrinter {
 public:
  using Read = PrintedNumber (*)(const void* data, std::int64_t offset);

  TensorPrinter(const void* data, const Shape& sizes, const Shape& strides, Dtype dtype, Read read)
      : data_(data), sizes_(sizes), strides_(strides), dtype_(dtype), read_(read), summarize_(sizes.numel() > threshold) {}

  /// suffixes: what follows the elements, such as "dtype=float64".
  std::string print(const std::vector<std::string>& suffixes) {
    std::string text = "tensor(";
    if (sizes_.numel() == 0) {
      text += "[]";
    } else {
      choose_format();
      text += block(0, 0, indent);
    }
    std::size_t line = text.size() - (text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n')) + 1;
    for (const std::string& suffix : suffixes) {
      if (line + suffix.size() + 2 > line_width) {
        text += ",\n" + std::string(indent, ' ') + suffix;
        line = indent + suffix.size();
      } else {
        text += ", " + suffix;
        line += suffix.size() + 2;
      }
    }
    return text + ")";
  }

 private:
  static constexpr std::int64_t threshold = 1000, edge = 3;
  static constexpr std::size_t line_width = 80, indent = 7;

  bool is_integer() const { return dtype_ < Dtype::float16; }
  bool is_cut(int dim) const { return summarize_ && sizes_[dim] > 2 * edge; }

  /// f(element) for all that will be printed.
  template <class F>
  void each(int dim, std::int64_t offset, F&& f) const {
    if (dim == sizes_.rank()) {
      f(read_(data_, offset));
      return;
    }
    for (std::int64_t i = 0; i < sizes_[dim]; ++i) {
      if (is_cut(dim) && i == edge) i = sizes_[dim] - edge;
      each(dim + 1, offset + i * strides_[dim], f);
    }
  }

  // One format for all: integers with a point, four decimals, or powers of ten if the numbers are far apart.
  void choose_format() {
    if (is_integer()) {
      each(0, 0, [&](PrintedNumber x) { widen(real_, integer_text(x).size()); });
      return;
    }
    choose_format(real_, &PrintedNumber::real);
    if (is_complex(dtype_)) choose_format(imaginary_, &PrintedNumber::imaginary);
  }
  void choose_format(NumberFormat& format, double PrintedNumber::*part) const {
    double smallest = std::numeric_limits<double>::infinity(), largest = 0;
    each(0, 0, [&](PrintedNumber x) {
      const double v = x.*part;
      if (!std::isfinite(v) || v == 0) return;
      smallest = std::fmin(smallest, std::fabs(v));
      largest = std::fmax(largest, std::fabs(v));
      format.whole = format.whole && v == std::ceil(v);
    });
    if (largest == 0) return;
    format.scientific = largest / smallest > 1000.0 || largest > 1.0e8 || smallest < 1.0e-4;
    each(0, 0, [&](PrintedNumber x) {
      if (std::isfinite(x.*part) && x.*part != 0) widen(format, text_of(x.*part, format).size());
    });
  }
  static void widen(NumberFormat& format, std::size_t width) { format.width = width > format.width ? width : format.width; }

  std::string integer_text(PrintedNumber x) const {
    if (dtype_ == Dtype::boolean) return x.integer != 0 ? "True" : "False";
    return format_text("{}", x.integer);
  }
  static std::string text_of(double x, const NumberFormat& format) {
    if (std::isnan(x)) return "nan";
    if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
    if (format.scientific) return format_text("{:.4e}", x);
    if (format.whole) return format_text("{:.0f}.", x);
    return format_text("{:.4f}", x);
  }
  // PyTorch's way with the imaginary part: not padded, with a sign of its own.
  std::string padded(std::int64_t offset) const {
    const PrintedNumber x = read_(data_, offset);
    std::string text = is_integer() ? integer_text(x) : text_of(x.real, real_);
    if (text.size() < real_.width) text.insert(0, real_.width - text.size(), ' ');
    if (!is_complex(dtype_)) return text;
    const std::string imaginary = text_of(x.imaginary, imaginary_);
    return text + (imaginary.front() == '-' ? "" : "+") + imaginary + "j";
  }
  std::size_t element_width() const { return real_.width + 2 + (is_complex(dtype_) ? imaginary_.width + 1 : 0); }

  std::string block(int dim, std::int64_t offset, std::size_t column) const {
    if (dim == sizes_.rank()) return padded(offset);
    const bool last = dim == sizes_.rank() - 1;
    const std::size_t room = column < line_width ? line_width - column : 0, fitting = room / element_width(),
                      per_line = fitting > 0 ? fitting : 1;
    const std::string newline =
        std::string(last ? 1 : static_cast<std::size_t>(sizes_.rank() - dim - 1), '\n') + std::string(column + 1, ' ');
    std::string text = "[";
    std::size_t count = 0;
    const auto append = [&](const std::string& item) {
      if (count > 0) text += !last || count % per_line == 0 ? "," + newline : ", ";
      text += item;
      ++count;
    };
    for (std::int64_t i = 0; i < sizes_[dim]; ++i) {
      if (is_cut(dim) && i == edge) {
        append(last ? " ..." : "...");
        i = sizes_[dim] - edge;
      }
      const std::int64_t at = offset + i * strides_[dim];
      append(last ? padded(at) : block(dim + 1, at, column + 1));
    }
    return text + "]";
  }

  const void* data_;
  const Shape& sizes_;
  const Shape& strides_;
  Dtype dtype_;
  Read read_;
  bool summarize_;
  NumberFormat real_, imaginary_;
};

template <class T>
PrintedNumber read_number(const void* data, std::int64_t offset) {
  const T x = static_cast<const T*>(data)[offset];
  if constexpr (complex_number<T>) return {static_cast<double>(x.real()), 0, static_cast<double>(x.imag())};
  else if constexpr (floating<T>) return {static_cast<double>(static_cast<register_t<T>>(x)), 0};
  else return {0, static_cast<std::int64_t>(x)};
}

/// dst = src for any strides; defined in autograd/accumulate.hpp.
template <class T, class S, class D>
void copy_elements(const Tensor<T, D>& dst, const Tensor<S, D>& src);

/// The text that PyTorch prints for such a tensor, but for the names of dtypes ("dtype=float64") and of graph nodes.
///   tensor([[ 0.5000, -1.2000]], requires_grad=True)
template <tensor_like X>
std::string to_string(const X& x) {
  using T = value_t<X>;
  using D = device_t<X>;
  const auto& t = eval(x);
  if (!t.defined()) return "tensor(undefined)";
  std::vector<std::string> suffixes;
  if constexpr (!std::is_same_v<D, Cpu>) suffixes.push_back(format_text("device='{}'", D::name));
  const bool empty_tensor = t.numel() == 0;
  if (empty_tensor && t.dim() != 1) {
    std::string size = t.sizes().str();
    size.front() = '(';
    size.back() = ')';
    suffixes.push_back("size=" + size);
  }
  constexpr bool usual =
      std::is_same_v<T, float> || std::is_same_v<T, std::int64_t> || std::is_same_v<T, bool> || std::is_same_v<T, std::complex<float>>;
  if (empty_tensor ? !std::is_same_v<T, float> : !usual) suffixes.push_back(format_text("dtype={}", to_string(dtype_v<T>)));
  if (t.requires_grad()) suffixes.push_back(t.is_leaf() ? "requires_grad=True" : format_text("grad_fn=<{}>", t.grad_fn()));
  if constexpr (std::is_same_v<D, Cpu>) {
    return TensorPrinter(t.data(), t.sizes(), t.strides(), dtype_v<T>, &read_number<T>).print(suffixes);
  } else {
    const Tensor<T, D> dense = empty<T, D>(t.sizes());
    copy_elements(dense, t);
    const Tensor<T, Cpu> host = empty<T, Cpu>(t.sizes());
    if (!empty_tensor) copy_to_host(D{}, host.data(), dense.data(), static_cast<std::size_t>(t.numel()) * sizeof(T));
    return TensorPrinter(host.data(), host.sizes(), host.strides(), dtype_v<T>, &read_number<T>).print(suffixes);
  }
}

template <class Traits, tensor_like X>
std::basic_ostream<char, Traits>& operator<<(std::basic_ostream<char, Traits>& out, const X& x) {
  const std::string text = to_string(x);
  return out.write(text.data(), static_cast<std::ptrdiff_t>(text.size()));
}

}  // namespace torchlite::inline TORCHLITE_ABI

FMT_BEGIN_NAMESPACE
template <typename T, typename Char>
struct is_range;
/// A tensor can be iterated over, but is printed as a whole.
template <class X, class Char>
  requires(torchlite::tensor_like<X>)
struct is_range<X, Char> : std::false_type {};

template <class X>
  requires(torchlite::tensor_like<X>)
struct formatter<X, char, void> : formatter<string_view, char> {
  template <class Context>
  auto format(const X& x, Context& context) const {
    const std::string text = torchlite::to_string(x);
    return formatter<string_view, char>::format(string_view(text.data(), text.size()), context);
  }
};
FMT_END_NAMESPACE
