// SPDX-License-Identifier: BSD-3-Clause
// Reads the numbers that PyTorch computed (tests/golden/data, written by tests/golden/select.py and make_fashion_training.py).
// Knows nothing of the library under test: a tensor here is a shape and its elements in row-major order.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace golden {

using Json = nlohmann::json;

/// Where the data lies: the folder golden/data beside this one, or the environment's TORCHLITE_GOLDEN_DATA.
inline std::string folder() {
  if (const char* chosen = std::getenv("TORCHLITE_GOLDEN_DATA")) return chosen;
  const std::string here = __FILE__;
  const std::size_t slash = here.find_last_of('/');
  return (slash == std::string::npos ? std::string(".") : here.substr(0, slash)) + "/../golden/data";
}

/// A tensor's elements, row-major. `values` always holds them; `integers` holds them too when the dtype is no floating-point type.
struct Array {
  std::string dtype;  // "float64", "float32", "float16", "bfloat16", "complex128", "complex64", "int64", ..., "uint8" or "bool"
  std::vector<std::int64_t> shape;
  std::vector<double> values;  // of a complex number the real part, then the imaginary part
  std::vector<std::int64_t> integers;

  bool floating() const { return dtype.find("float") != std::string::npos; }
  bool complex() const { return dtype.find("complex") != std::string::npos; }
  std::size_t size() const { return values.size(); }
};

/// One recorded call. The arguments stay JSON as Python had them: numbers, null, strings, lists, and
///   {"t": "in0", "rg": requires grad, "stride": [...] where PyTorch's tensor was not contiguous}   a tensor, found in `tensors`
///   {"c": [re, im]}  a complex number   {"f": "inf"}   a float that JSON cannot write      {"dtype": "float64"}      {"slice": [start, stop, step]}   {"ellipsis": 1}
struct Sample {
  Json input;                      // operators: the first argument (a tensor, a list of them, ...); modules: null
  Json args = Json::array();       // what follows it by position; modules: the forward call
  Json kwargs = Json::object();    // and by name
  Json ctor_args = Json::array();  // modules only: what the constructor got
  Json ctor_kwargs = Json::object();
  Json info;  // the whole record: "training" and "desc" of modules; "kwargs" and "defaults" of optimizers
  std::map<std::string, Array> tensors;

  bool has(const std::string& name) const { return tensors.count(name) != 0; }
  const Array& at(const std::string& name) const {
    const auto found = tensors.find(name);
    if (found == tensors.end()) throw std::out_of_range("golden: the sample has no tensor " + name);
    return found->second;
  }
  const Array* find(const std::string& name) const {
    const auto found = tensors.find(name);
    return found == tensors.end() ? nullptr : &found->second;
  }

  std::size_t num_inputs() const { return count("in"); }
  std::size_t num_outputs() const { return count("out"); }
  const Array& in(std::size_t i) const { return at("in" + std::to_string(i)); }
  const Array& out(std::size_t i) const { return at("out" + std::to_string(i)); }
  const Array* cotangent(std::size_t i) const { return find("cot" + std::to_string(i)); }  // fed into backward for output i; may be null
  const Array* grad(std::size_t i) const { return find("grad" + std::to_string(i)); }      // operators: gradient of in(i); may be null
  bool has_gradient() const { return cotangent(0) != nullptr || info.value("grad", false); }

  /// Modules: gradient of the i-th of those forward inputs that are floating-point tensors; tensors "state.NAME" (state dict before),
  /// "after.NAME" (buffers after the call) and "gparam.NAME" (gradient of a parameter) are read by at() and find().
  const Array* grad_of_module_input(std::size_t i) const { return find("gin" + std::to_string(i)); }

  /// The argument given at `position` (0: the first after the input) or by `name`; null when neither was given.
  const Json* argument(std::size_t position, const std::string& name) const { return lookup(args, kwargs, position, name); }
  const Json* ctor_argument(std::size_t position, const std::string& name) const { return lookup(ctor_args, ctor_kwargs, position, name); }

 private:
  std::size_t count(const std::string& prefix) const {
    std::size_t n = 0;
    while (has(prefix + std::to_string(n))) ++n;
    return n;
  }
  static const Json* lookup(const Json& positional, const Json& named, std::size_t position, const std::string& name) {
    if (position < positional.size()) return &positional[position];
    const auto found = named.find(name);
    return found == named.end() ? nullptr : &*found;
  }
};

inline bool is_tensor(const Json& j) { return j.is_object() && j.contains("t"); }
inline std::string tensor_name(const Json& j) { return j.at("t").get<std::string>(); }
inline bool requires_grad(const Json& j) { return is_tensor(j) && j.value("rg", false); }
inline bool is_number(const Json& j) { return j.is_number() || j.is_boolean() || (j.is_object() && j.contains("f")); }

/// The number an argument stands for: 2, 2.5, true or {"f": "inf"}.
inline double number(const Json& j) {
  if (j.is_boolean()) return j.get<bool>() ? 1 : 0;
  if (!j.is_object()) return j.get<double>();
  const std::string text = j.at("f").get<std::string>();
  if (text == "nan") return std::numeric_limits<double>::quiet_NaN();
  return text == "-inf" ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
}

/// A list of integers; one integer counts as a list of one, as it does for PyTorch's dim, kernel_size, ...
inline std::vector<std::int64_t> integers(const Json& j) {
  if (j.is_number()) return {j.get<std::int64_t>()};
  return j.get<std::vector<std::int64_t>>();
}

/// An archive made by select.py or make_errors.py: "ops.golden", "errors.golden" (operators, by PyTorch's names without "nn.functional.") or "modules.golden"
/// (modules by class name, optimizers as "optim.SGD", ...). Variants are parsed when asked for.
class Archive {
 public:
  explicit Archive(const std::string& file) : path_(folder() + "/" + file) {
    std::ifstream stream(path_, std::ios::binary | std::ios::ate);
    require(stream.good(), "cannot be opened");
    bytes_.resize(static_cast<std::size_t>(stream.tellg()));
    stream.seekg(0);
    stream.read(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
    require(bytes_.size() >= 16 && std::memcmp(bytes_.data(), "TLGOLD01", 8) == 0, "is no golden archive");
    std::uint64_t length = 0;
    std::memcpy(&length, bytes_.data() + 8, 8);
    require(length <= bytes_.size() - 16, "is truncated");
    body_ = 16 + static_cast<std::size_t>(length);
    directory_ = Json::parse(bytes_.data() + 16, bytes_.data() + body_);
  }

  std::string torch_version() const { return directory_.at("torch").get<std::string>(); }
  bool contains(const std::string& variant) const { return directory_.at("variants").contains(variant); }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : directory_.at("variants").items()) out.push_back(entry.key());
    return out;
  }

  std::vector<Sample> samples(const std::string& variant) const {
    require(contains(variant), "has no variant " + variant);
    const Json& place = directory_.at("variants").at(variant);
    const char* text = at(place[0].get<std::size_t>(), place[1].get<std::size_t>());
    const Json record = Json::parse(text, text + place[1].get<std::size_t>());
    std::vector<Sample> out;
    for (const Json& s : record.at("samples")) out.push_back(sample(s, record.at("kind") == "op"));
    return out;
  }

 private:
  std::string path_;
  std::vector<char> bytes_;
  std::size_t body_ = 0;
  Json directory_;

  void require(bool ok, const std::string& what) const {
    if (!ok) throw std::runtime_error("golden: " + path_ + " " + what);
  }
  const char* at(std::size_t offset, std::size_t length) const {
    const std::size_t available = bytes_.size() - body_;
    require(offset <= available && length <= available - offset, "is truncated");
    return bytes_.data() + body_ + offset;
  }

  Sample sample(const Json& record, bool op) const {
    Sample s;
    s.info = record;
    s.info.erase("tensors");
    if (record.contains("call")) {
      const Json& call = record.at("call");
      if (op) s.input = call[0];
      s.args = call[op ? 1 : 0];
      s.kwargs = call[op ? 2 : 1];
    }
    if (record.contains("ctor")) {
      s.ctor_args = record.at("ctor")[0];
      s.ctor_kwargs = record.at("ctor")[1];
    }
    for (const auto& entry : record.at("tensors").items()) s.tensors.emplace(entry.key(), array(entry.value()));
    return s;
  }

  Array array(const Json& entry) const {
    Array a;
    a.dtype = entry[0].get<std::string>();
    a.shape = entry[1].get<std::vector<std::int64_t>>();
    std::size_t n = 1;
    for (const std::int64_t extent : a.shape) n *= static_cast<std::size_t>(extent);
    const std::size_t offset = entry[2].get<std::size_t>();
    if (a.dtype == "float64") load<double>(a, offset, n);
    else if (a.dtype == "float32") load<float>(a, offset, n);
    else if (a.dtype == "complex128") load<double>(a, offset, 2 * n);
    else if (a.dtype == "complex64") load<float>(a, offset, 2 * n);
    else if (a.dtype == "float16") load<Half>(a, offset, n);
    else if (a.dtype == "bfloat16") load<Bfloat16>(a, offset, n);
    else if (a.dtype == "int64") load<std::int64_t>(a, offset, n);
    else if (a.dtype == "int32") load<std::int32_t>(a, offset, n);
    else if (a.dtype == "int16") load<std::int16_t>(a, offset, n);
    else if (a.dtype == "int8") load<std::int8_t>(a, offset, n);
    else if (a.dtype == "uint8" || a.dtype == "bool") load<std::uint8_t>(a, offset, n);
    else require(false, "holds an unknown dtype " + a.dtype);
    return a;
  }

  // The two 16-bit formats by their definition, so that the library's own conversions are not what they are tested with.
  struct Half {
    std::uint16_t bits;
    explicit operator double() const {
      const int exponent = (bits >> 10) & 31, fraction = bits & 1023;
      const double magnitude = exponent == 31
                                   ? (fraction != 0 ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity())
                               : exponent == 0 ? std::ldexp(fraction, -24)
                                               : std::ldexp(1024 + fraction, exponent - 25);
      return (bits & 0x8000) != 0 ? -magnitude : magnitude;
    }
    explicit operator std::int64_t() const { return static_cast<std::int64_t>(static_cast<double>(*this)); }
  };
  struct Bfloat16 {
    std::uint16_t bits;
    explicit operator double() const {
      const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
      float value;
      std::memcpy(&value, &wide, 4);
      return value;
    }
    explicit operator std::int64_t() const { return static_cast<std::int64_t>(static_cast<double>(*this)); }
  };

  template <class T>
  void load(Array& a, std::size_t offset, std::size_t n) const {
    const char* from = at(offset, n * sizeof(T));
    a.values.resize(n);
    const bool whole = !a.floating() && !a.complex();
    if (whole) a.integers.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      T value;
      std::memcpy(&value, from + i * sizeof(T), sizeof(T));
      a.values[i] = static_cast<double>(value);
      if (whole) a.integers[i] = static_cast<std::int64_t>(value);
    }
  }
};

inline const Archive& ops() {
  static const Archive archive("ops.golden");
  return archive;
}
/// Calls that PyTorch refuses, made by make_errors.py; info has "error", the exception's class, and "message".
inline const Archive& errors() {
  static const Archive archive("errors.golden");
  return archive;
}
inline const Archive& modules() {
  static const Archive archive("modules.golden");
  return archive;
}

/// A JSON file of the folder, such as "fashion_training.json" or "synthetic_training.json".
inline Json json(const std::string& file) {
  std::ifstream stream(folder() + "/" + file);
  if (!stream) throw std::runtime_error("golden: " + folder() + "/" + file + " cannot be opened");
  return Json::parse(stream);
}

/// max |got - want| / (1 + |want|): below `tolerance` when got is within tolerance of want both absolutely and relatively.
/// NaN equals NaN, an infinity equals itself; any other disagreement of those, or of the number of elements, is infinite.
template <class Range>
double difference(const Range& got, const std::vector<double>& want) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  double worst = 0;
  std::size_t i = 0;
  for (const auto& item : got) {
    if (i == want.size()) return infinite;
    const double a = static_cast<double>(item), b = want[i++];
    if (std::isnan(a) && std::isnan(b)) continue;
    if (std::isinf(b) || !std::isfinite(a)) {
      if (a != b) return infinite;
      continue;
    }
    if (std::isnan(b)) return infinite;
    worst = std::fmax(worst, std::fabs(a - b) / (1 + std::fabs(b)));
  }
  return i == want.size() ? worst : infinite;
}

/// Number `i` of stream `seed` in [0, 1), a multiple of 2^-24: exact in float, the same as uniform(seed, n)[i] of make_fashion_training.py.
inline double uniform(std::uint64_t seed, std::uint64_t i) {
  std::uint64_t z = (i + (seed << 32) + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return static_cast<double>((z ^ (z >> 31)) >> 40) / 16777216.0;
}

/// Element `i` of the hashed initial value of the parameter at `position` (0, 1, ...) among named_parameters(), computed in T.
/// `fan_in`: elements of one output's weights in the parameter's layer, for its bias too.
template <class T>
T hashed_weight(std::uint64_t position, std::uint64_t i, std::int64_t fan_in) {
  return (T(2) * static_cast<T>(uniform(1000 + position, i)) - T(1)) * (T(1) / std::sqrt(static_cast<T>(fan_in)));
}

}  // namespace golden
