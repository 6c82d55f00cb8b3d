// SPDX-License-Identifier: BSD-3-Clause
// NumPy's .npy files: a magic string, a version, a header that is the text of a Python dict, the elements.
// Source: numpy.lib.format.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/autograd/parameter.hpp>
#include <torchlite/io/file.hpp>
#include <torchlite/io/loaded.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

namespace io {

/// What the header of an array says, checked.
struct NpyHeader {
  Dtype dtype = Dtype::float64;
  bool big_endian = false;
  bool fortran_order = false;
  Shape sizes;
  std::size_t begin = 0;  ///< of the elements, in bytes
  std::size_t bytes = 0;  ///< of all elements
};

inline constexpr std::pair<std::string_view, Dtype> npy_dtypes[] = {
    {"b1", Dtype::boolean}, {"u1", Dtype::uint8},     {"i1", Dtype::int8},       {"i2", Dtype::int16},
    {"i4", Dtype::int32},   {"i8", Dtype::int64},     {"f2", Dtype::float16},    {"f4", Dtype::float32},
    {"f8", Dtype::float64}, {"c8", Dtype::complex64}, {"c16", Dtype::complex128}};

/// Reads the dict literal: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }.
template <class = void>
class BasicNpyHeaderReader {
 public:
  BasicNpyHeaderReader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  NpyHeader read() {
    NpyHeader header;
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string_view key = string();
      expect(':');
      if (key == "descr" && !has_descr) has_descr = true, descr(header);
      else if (key == "fortran_order" && !has_order) has_order = true, header.fortran_order = boolean();
      else if (key == "shape" && !has_shape) has_shape = true, shape(header);
      else fail<IoError>("{}: the header has the key '{}', which is unknown or there twice", where_, key);
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    space();
    if (at_ != text_.size()) wrong("the end");
    check<IoError>(has_descr && has_order && has_shape, "{}: the header lacks one of descr, fortran_order and shape", where_);
    return header;
  }

 private:
  [[noreturn]] void wrong(const char* expected) const {
    fail<IoError>("{}: expected {} at byte {} of the header's text", where_, expected, at_);
  }
  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) ++at_;
  }
  bool accept(char c) {
    space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    const char expected[] = {'\'', c, '\'', '\0'};
    if (!accept(c)) wrong(expected);
  }
  std::string_view string() {
    space();
    const char quote = at_ < text_.size() ? text_[at_] : '\0';
    if (quote != '\'' && quote != '"') wrong("a string");
    const std::size_t end = text_.find(quote, at_ + 1);
    if (end == text_.npos || end - at_ > 64) wrong("a short string");
    const std::string_view value = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return value;
  }
  bool boolean() {
    space();
    for (const std::string_view word : {std::string_view("True"), std::string_view("False")})
      if (text_.substr(at_, word.size()) == word) return at_ += word.size(), word == "True";
    wrong("True or False");
  }
  void descr(NpyHeader& header) {
    space();
    check<IoError>(at_ < text_.size() && text_[at_] != '[', "{}: holds records, which are no tensor", where_);
    const std::string_view text = string();
    const char order = text.empty() ? '\0' : text[0];
    const auto* known = std::find_if(std::begin(npy_dtypes), std::end(npy_dtypes),
                                     [&](auto& d) { return text.substr(std::min<std::size_t>(1, text.size())) == d.first; });
    check<IoError>(known != std::end(npy_dtypes) && (order == '<' || order == '>' || order == '|' || order == '='),
                   "{}: holds NumPy's dtype '{}', which no tensor of this library has", where_, text);
    header.dtype = known->second;
    header.big_endian = order == '>';
  }
  void shape(NpyHeader& header) {
    expect('(');
    bool comma = true;
    while (!accept(')')) {
      if (!comma) wrong("')'");
      std::int64_t size = 0;
      space();
      const std::size_t start = at_;
      bool overflow = false;
      for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
        overflow |= __builtin_mul_overflow(size, std::int64_t{10}, &size);
        overflow |= __builtin_add_overflow(size, text_[at_] - '0', &size);
      }
      if (at_ == start) wrong("a size");
      if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // as Python 2 wrote it
      check<IoError>(!overflow, "{}: a size in the header does not fit 64 bits", where_);
      check<IoError>(header.sizes.rank() < max_rank, "{}: the array has more than {} dimensions", where_, max_rank);
      header.sizes.push_back(size);
      comma = accept(',');
    }
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
};
using NpyHeaderReader = BasicNpyHeaderReader<>;

/// Checks the header of a whole .npy file in memory: the elements that it promises are there, and nothing after them.
template <class = void>
NpyHeader parse_npy(const std::byte* data, std::size_t size, const std::string& where) {
  const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(data[i]); };
  check<IoError>(size >= 12 && std::memcmp(data, "\x93NUMPY", 6) == 0, "{}: is no .npy file", where);
  const std::size_t major = byte(6), prefix = major == 1 ? 10 : 12;
  check<IoError>(major >= 1 && major <= 3, "{}: has version {} of the format; versions 1 to 3 are known", where, major);
  const std::size_t length = major == 1 ? byte(8) | byte(9) << 8 : byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24;
  check<IoError>(length <= size - prefix, "{}: the header is said to be {} bytes long, but only {} bytes follow; the file is cut short",
                 where, length, size - prefix);
  NpyHeader header = NpyHeaderReader({reinterpret_cast<const char*>(data) + prefix, length}, where).read();
  auto bytes = static_cast<std::int64_t>(size_of(header.dtype));
  bool overflow = false;
  for (const std::int64_t n : header.sizes) overflow |= __builtin_mul_overflow(bytes, n, &bytes);
  check<IoError>(!overflow, "{}: an array of shape {} is too large", where, header.sizes.str());
  header.begin = prefix + length;
  header.bytes = static_cast<std::size_t>(bytes);
  check<IoError>(header.bytes == size - header.begin, "{}: {} of shape {} takes {} bytes, but {} follow the header", where,
                 to_string(header.dtype), header.sizes.str(), bytes, size - header.begin);
  return header;
}

/// Copies the elements of a file, of `size` bytes each, to row-major, little-endian memory.
template <class = void>
void copy_npy_elements(const NpyHeader& header, const std::byte* from, std::byte* to, const std::string& where) {
  const std::size_t size = size_of(header.dtype);
  if (header.bytes == 0) return;
  if (!header.fortran_order || header.sizes.rank() < 2) {
    std::memcpy(to, from, header.bytes);
  } else {
    // The first index runs fastest in the file: stride 1, then sizes[0], ...
    const int rank = header.sizes.rank();
    std::int64_t strides[max_rank], index[max_rank] = {}, offset = 0, step = 1;
    for (int d = 0; d < rank; ++d) strides[d] = step, step *= header.sizes[d];
    for (std::int64_t i = 0; i < step; ++i) {
      std::memcpy(to + static_cast<std::size_t>(i) * size, from + static_cast<std::size_t>(offset) * size, size);
      for (int d = rank - 1; d >= 0; --d) {
        offset += strides[d];
        if (++index[d] < header.sizes[d]) break;
        offset -= index[d] * strides[d];
        index[d] = 0;
      }
    }
  }
  const std::size_t part = is_complex(header.dtype) ? size / 2 : size;
  if (header.big_endian && part > 1)
    for (std::size_t i = 0; i < header.bytes; i += part) std::reverse(to + i, to + i + part);
  if (header.dtype == Dtype::boolean)
    for (std::size_t i = 0; i < header.bytes; ++i)
      check<IoError>(to[i] <= std::byte{1}, "{}: a bool must be 0 or 1, one is {}", where, static_cast<int>(to[i]));
}

/// A whole .npy file in memory as a tensor.
template <class D>
AnyTensor read_npy(const std::byte* data, std::size_t size, const std::string& where) {
  const NpyHeader header = parse_npy(data, size, where);
  const ImplRef host = make_loaded<Cpu>(header.dtype, header.sizes);
  copy_npy_elements(header, data + header.begin, host->data(), where);
  if constexpr (std::is_same_v<D, Cpu>) {
    return any_loaded<D>(host);
  } else {
    const ImplRef out = make_loaded<D>(header.dtype, header.sizes);
    if (header.bytes > 0) copy_from_host(D{}, out->data(), host->data(), header.bytes);
    return any_loaded<D>(out);
  }
}

/// What stands before the elements of a row-major array; its length is a multiple of 64.
template <class = void>
std::string write_npy_header(const char* op, Dtype dtype, const Shape& sizes) {
  const auto* known = std::find_if(std::begin(npy_dtypes), std::end(npy_dtypes), [&](auto& d) { return d.second == dtype; });
  check<DtypeError>(known != std::end(npy_dtypes), "{}: NumPy has no dtype {}; save it as float32: x.to<float>()", op, to_string(dtype));
  std::string shape = "(";
  for (int d = 0; d < sizes.rank(); ++d) shape += format_text("{}{}", d ? ", " : "", sizes[d]);
  shape += sizes.rank() == 1 ? ",)" : ")";
  std::string text =
      format_text("{{'descr': '{}{}', 'fortran_order': False, 'shape': {}, }}", size_of(dtype) == 1 ? '|' : '<', known->first, shape);
  text.append(63 - (10 + text.size()) % 64, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

/// The elements in row-major order on the host: the tensor's own memory, or `copy` if it is not laid out so.
template <class = void>
const void* host_elements(const AnyTensor& tensor, std::unique_ptr<std::byte[]>& copy) {
  if (tensor.impl().contiguous && tensor.device() == Cpu::name) return tensor.impl().data();
  copy.reset(new std::byte[tensor.nbytes() + 1]);
  tensor.copy_to_host(copy.get());
  return copy.get();
}

}  // namespace io

/// The array of a .npy file, whatever its dtype; big-endian and Fortran-ordered files are converted. Throws IoError that names the
/// path and what is wrong.
template <device D = Cpu>
AnyTensor load_npy(const std::string& path) {
  const io::MappedFile file("load_npy", path);
  return io::read_npy<D>(file.data(), file.size(), "load_npy: " + path);
}

/// The array of a .npy file; throws DtypeError if its elements are no T.
template <dtype T, device D = Cpu>
Tensor<T, D> load_npy(const std::string& path) {
  const AnyTensor any = load_npy<D>(path);
  check<DtypeError>(any.dtype() == dtype_v<T>, "load_npy: {}: holds {}, not {}; load it as what it is, then convert", path,
                    to_string(any.dtype()), to_string(dtype_v<T>));
  any.impl().type = &tensor_type<T, D>;  // nobody else has seen the tensor
  return any.get<T, D>();
}

/// Writes one array as np.save does; an older file is replaced only when the new one is complete.
template <class = void>
void save_npy(const std::string& path, const AnyTensor& tensor) {
  const std::string header = io::write_npy_header("save_npy", tensor.dtype(), tensor.sizes());
  std::unique_ptr<std::byte[]> copy;
  const void* elements = io::host_elements(tensor, copy);
  io::OutputFile file("save_npy", path);
  file.write(header);
  file.write(elements, tensor.nbytes());
  file.commit();
}

}  // namespace torchlite::inline TORCHLITE_ABI
