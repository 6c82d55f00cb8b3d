// SPDX-License-Identifier: BSD-3-Clause
// The safetensors format: eight bytes with the header's length, a JSON header with dtype, shape and place of each tensor, then
// the elements. Source: huggingface/safetensors, README.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/autograd/parameter.hpp>
#include <torchlite/io/file.hpp>
#include <torchlite/io/json.hpp>
#include <torchlite/io/loaded.hpp>

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

/// The "__metadata__" of a safetensors file.
using Metadata = std::map<std::string, std::string>;

namespace io {

static_assert(std::endian::native == std::endian::little, "files hold little-endian numbers and are used as they are");

/// What the header says of one tensor; true once parse_safetensors returned it.
struct SafetensorsEntry {
  std::string name;
  Dtype dtype = Dtype::float32;
  Shape sizes;
  std::size_t begin = 0, end = 0;  ///< in bytes, from the start of the file
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  ///< in the header's order
  Metadata metadata;
};

inline constexpr std::pair<std::string_view, Dtype> safetensors_dtypes[] = {
    {"BOOL", Dtype::boolean}, {"U8", Dtype::uint8},    {"I8", Dtype::int8},      {"I16", Dtype::int16},
    {"I32", Dtype::int32},    {"I64", Dtype::int64},   {"F16", Dtype::float16},  {"BF16", Dtype::bfloat16},
    {"F32", Dtype::float32},  {"F64", Dtype::float64}, {"C64", Dtype::complex64}};

/// Reads one value of the header: {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}.
template <class = void>
SafetensorsEntry parse_safetensors_entry(JsonReader& json, const std::string& where, std::string name) {
  SafetensorsEntry entry;
  entry.name = std::move(name);
  bool has_dtype = false, has_shape = false, has_offsets = false;
  const auto once = [&](bool& seen, const char* key) {
    check<IoError>(!seen, "{}: tensor '{}' has '{}' twice", where, entry.name, key);
    seen = true;
  };
  json.object([&](const std::string& key) {
    if (key == "dtype") {
      once(has_dtype, "dtype");
      const std::string dtype = json.string();
      const auto* known =
          std::find_if(std::begin(safetensors_dtypes), std::end(safetensors_dtypes), [&](auto& d) { return d.first == dtype; });
      check<IoError>(known != std::end(safetensors_dtypes), "{}: tensor '{}' has dtype '{}', which no tensor of this library has", where,
                     entry.name, dtype);
      entry.dtype = known->second;
    } else if (key == "shape") {
      once(has_shape, "shape");
      json.array([&] {
        const std::int64_t size = json.integer();
        check<IoError>(size >= 0, "{}: tensor '{}' has the negative size {}", where, entry.name, size);
        check<IoError>(entry.sizes.rank() < max_rank, "{}: tensor '{}' has more than {} dimensions", where, entry.name, max_rank);
        entry.sizes.push_back(size);
      });
    } else if (key == "data_offsets") {
      once(has_offsets, "data_offsets");
      std::int64_t offsets[2] = {-1, -1};
      int count = 0;
      json.array([&] {
        const std::int64_t offset = json.integer();
        check<IoError>(offset >= 0 && count < 2, "{}: tensor '{}' must have two data_offsets, neither negative", where, entry.name);
        offsets[count++] = offset;
      });
      check<IoError>(count == 2, "{}: tensor '{}' must have two data_offsets, neither negative", where, entry.name);
      entry.begin = static_cast<std::size_t>(offsets[0]);
      entry.end = static_cast<std::size_t>(offsets[1]);
    } else {
      json.skip();
    }
  });
  check<IoError>(has_dtype && has_shape && has_offsets, "{}: tensor '{}' lacks one of dtype, shape and data_offsets", where, entry.name);

  auto bytes = static_cast<std::int64_t>(size_of(entry.dtype));
  bool overflow = false;
  for (const std::int64_t size : entry.sizes) overflow |= __builtin_mul_overflow(bytes, size, &bytes);
  check<IoError>(!overflow, "{}: tensor '{}' of shape {} is too large", where, entry.name, entry.sizes.str());
  check<IoError>(entry.end >= entry.begin && entry.end - entry.begin == static_cast<std::size_t>(bytes),
                 "{}: tensor '{}' of {} and shape {} takes {} bytes, but its data_offsets are [{}, {}]", where, entry.name,
                 to_string(entry.dtype), entry.sizes.str(), bytes, entry.begin, entry.end);
  return entry;
}

/// Reads and checks the header of a whole file in memory: afterwards every entry lies within the file, fits its shape, and
/// the entries fill the file without overlap or hole. Throws IoError that begins with `where`.
template <class = void>
SafetensorsHeader parse_safetensors(const std::byte* data, std::size_t size, const std::string& where) {
  constexpr std::uint64_t max_header = 100'000'000;
  check<IoError>(size >= 8, "{}: {} bytes are too few for a safetensors file", where, size);
  std::uint64_t length;
  std::memcpy(&length, data, 8);
  check<IoError>(length <= max_header, "{}: the header is said to be {} bytes long; {} are allowed", where, length, max_header);
  check<IoError>(length <= size - 8,
                 "{}: the header is said to be {} bytes long, but only {} bytes follow; the file is cut short or no safetensors file",
                 where, length, size - 8);
  const std::size_t start = 8 + static_cast<std::size_t>(length);

  SafetensorsHeader header;
  JsonReader json({reinterpret_cast<const char*>(data) + 8, static_cast<std::size_t>(length)}, where + ": header");
  bool has_metadata = false;
  json.object([&](std::string key) {
    if (key != "__metadata__") {
      header.entries.push_back(parse_safetensors_entry(json, where, std::move(key)));
      return;
    }
    check<IoError>(!has_metadata, "{}: there are two entries '__metadata__'", where);
    has_metadata = true;
    json.object([&](std::string name) {
      const auto [at, fresh] = header.metadata.try_emplace(std::move(name));
      check<IoError>(fresh, "{}: there are two metadata entries '{}'", where, at->first);
      at->second = json.string();
    });
  });
  json.end();

  std::vector<const SafetensorsEntry*> order;
  for (const SafetensorsEntry& entry : header.entries) order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->name < b->name; });
  for (std::size_t i = 1; i < order.size(); ++i)
    check<IoError>(order[i - 1]->name != order[i]->name, "{}: there are two tensors '{}'", where, order[i]->name);
  std::sort(order.begin(), order.end(), [](auto* a, auto* b) { return a->begin != b->begin ? a->begin < b->begin : a->end < b->end; });
  std::size_t at = 0;
  for (const SafetensorsEntry* entry : order) {
    check<IoError>(
        entry->begin == at,
        "{}: tensor '{}' begins at byte {} of the data, but the one before it ends at {}; tensors may neither overlap nor leave holes",
        where, entry->name, entry->begin, at);
    at = entry->end;
  }
  check<IoError>(at == size - start, "{}: the tensors take {} bytes, but {} follow the header; the file is cut short or has a tail", where,
                 at, size - start);
  for (SafetensorsEntry& entry : header.entries) entry.begin += start, entry.end += start;
  return header;
}

/// Throws IoError if bytes that are to be bools hold anything but 0 and 1.
template <class = void>
void check_bools(const std::byte* data, std::size_t n, const std::string& where, const std::string& name) {
  for (std::size_t i = 0; i < n; ++i)
    check<IoError>(data[i] <= std::byte{1}, "{}: tensor '{}': a bool must be 0 or 1, byte {} is {}", where, name, i,
                   static_cast<int>(data[i]));
}

/// Bytes of a mapped file as a tensor: a view into the mapping, which lives as long as the view, or a copy if the bytes are
/// misaligned or D is not the host.
template <class D>
AnyTensor mapped_tensor(const Ref<MappedFile>& file, const SafetensorsEntry& entry) {
  std::byte* data = file->data() + entry.begin;
  const std::size_t bytes = entry.end - entry.begin;
  if constexpr (std::is_same_v<D, Cpu>) {
    if (bytes > 0 && reinterpret_cast<std::uintptr_t>(data) % size_of(entry.dtype) == 0)
      return any_loaded<D>(make_loaded<D>(entry.dtype, entry.sizes, wrap_storage(data, bytes, [file](void*) {})));
  }
  const ImplRef copy = make_loaded<D>(entry.dtype, entry.sizes);
  if (bytes > 0) copy_from_host(D{}, copy->data(), data, bytes);
  return any_loaded<D>(copy);
}

/// The header's bytes and the order of the tensors' bytes behind it: wider elements first, so that all are aligned.
template <class = void>
std::string write_safetensors_header(const StateDict& state, const Metadata& metadata, std::vector<const StateDict::value_type*>& order) {
  const auto width = [](const StateDict::value_type* e) { return size_of(e->second.dtype()); };
  for (const auto& entry : state) {
    check<Error>(entry.second.defined(), "save_safetensors: tensor '{}' is undefined", entry.first);
    check<Error>(entry.first != "__metadata__", "save_safetensors: a tensor cannot be named '__metadata__'");
    check<DtypeError>(entry.second.dtype() != Dtype::complex128,
                      "save_safetensors: tensor '{}' is complex128, which the format lacks; save it as complex64 or as view_as_real(x)",
                      entry.first);
    order.push_back(&entry);
  }
  std::stable_sort(order.begin(), order.end(), [&](auto* a, auto* b) { return width(a) > width(b); });
  std::map<const AnyTensor*, std::size_t> offsets;
  std::size_t at = 0;
  for (const auto* entry : order) {
    offsets[&entry->second] = at;
    at += entry->second.nbytes();
  }

  std::string text = "{";
  const auto key = [&](std::string_view name) {
    if (text.back() != '{') text += ',';
    append_json_string(text, name);
    text += ':';
  };
  if (!metadata.empty()) {
    key("__metadata__");
    text += '{';
    for (const auto& [name, value] : metadata) {
      key(name);
      append_json_string(text, value);
    }
    text += '}';
  }
  for (const auto& [name, tensor] : state) {
    key(name);
    const auto has_dtype = [wanted = tensor.dtype()](auto& d) { return d.second == wanted; };
    const auto* dtype = std::find_if(std::begin(safetensors_dtypes), std::end(safetensors_dtypes), has_dtype);
    text += format_text("{{\"dtype\":\"{}\",\"shape\":[", dtype->first);
    for (int d = 0; d < tensor.sizes().rank(); ++d) text += format_text("{}{}", d ? "," : "", tensor.sizes()[d]);
    const std::size_t begin = offsets[&tensor];
    text += format_text("],\"data_offsets\":[{},{}]}}", begin, begin + tensor.nbytes());
  }
  text += '}';
  JsonReader(text, "save_safetensors: the names").skip();  // throws if a name is no UTF-8
  text.append((64 - (8 + text.size()) % 64) % 64, ' ');
  return text;
}

}  // namespace io

/// Writes the tensors, of any dtype, device and strides, to a safetensors file, which takes the place of an older one only when
/// it is complete. Python reads it with safetensors.torch.load_file. Throws IoError that names the path.
template <class = void>
void save_safetensors(const std::string& path, const StateDict& tensors, const Metadata& metadata = {}) {
  std::vector<const StateDict::value_type*> order;
  const std::string header = io::write_safetensors_header(tensors, metadata, order);
  const std::uint64_t length = header.size();
  io::OutputFile file("save_safetensors", path);
  file.write(&length, 8);
  file.write(header);
  for (const auto* entry : order) {
    const AnyTensor& tensor = entry->second;
    if (tensor.nbytes() == 0) continue;
    if (tensor.impl().contiguous && tensor.device() == Cpu::name) {
      file.write(tensor.impl().data(), tensor.nbytes());
    } else {
      const std::unique_ptr<std::byte[]> copy(new std::byte[tensor.nbytes()]);
      tensor.copy_to_host(copy.get());
      file.write(copy.get(), tensor.nbytes());
    }
  }
  file.commit();
}

/// The tensors of a safetensors file, on device D. On the host they are views into the mapped file: nothing is read before it is
/// used, and writing to them leaves the file as it is. Throws IoError that names the path and what is wrong.
template <device D = Cpu>
StateDict load_safetensors(const std::string& path) {
  const std::string place = "load_safetensors: " + path;
  const Ref<io::MappedFile> file = io::map_file("load_safetensors", path);
  const io::SafetensorsHeader header = io::parse_safetensors(file->data(), file->size(), place);
  StateDict tensors;
  for (const io::SafetensorsEntry& entry : header.entries) {
    if (entry.dtype == Dtype::boolean) io::check_bools(file->data() + entry.begin, entry.end - entry.begin, place, entry.name);
    tensors[entry.name] = io::mapped_tensor<D>(file, entry);
  }
  return tensors;
}

/// The "__metadata__" of a safetensors file; empty if it has none.
template <class = void>
Metadata load_safetensors_metadata(const std::string& path) {
  const Ref<io::MappedFile> file = io::map_file("load_safetensors_metadata", path);
  return io::parse_safetensors(file->data(), file->size(), "load_safetensors_metadata: " + path).metadata;
}

}  // namespace torchlite::inline TORCHLITE_ABI
