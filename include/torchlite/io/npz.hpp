// SPDX-License-Identifier: BSD-3-Clause
// NumPy's .npz files: a zip archive in which NAME.npy is the array NAME.
// `template <class = void>`: what a program does not call is not compiled.
#pragma once
#include <torchlite/io/npy.hpp>
#include <torchlite/io/zip.hpp>

#include <memory>
#include <string>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {

struct NpzOptions {
  bool compressed = false;  ///< as np.savez_compressed; needs zlib
};

/// The arrays of a .npz file by name. Throws IoError that names the path, the array and what is wrong.
template <device D = Cpu>
StateDict load_npz(const std::string& path) {
  const std::string where = "load_npz: " + path;
  const io::MappedFile file("load_npz", path);
  const io::ZipReader archive(file.data(), file.size(), where);
  StateDict arrays;
  for (const io::ZipEntry& entry : archive.entries()) {
    std::string name = entry.name;
    if (name.size() > 4 && name.compare(name.size() - 4, 4, ".npy") == 0) name.resize(name.size() - 4);
    check<IoError>(!arrays.contains(name), "{}: there are two arrays '{}'", where, name);
    std::vector<std::byte> buffer;
    const std::byte* data = archive.read(entry, buffer);
    arrays[name] = io::read_npy<D>(data, entry.size, where + ": " + entry.name);
  }
  return arrays;
}

/// Writes the tensors as np.savez does; an older file is replaced only when the new one is complete.
template <class = void>
void save_npz(const std::string& path, const StateDict& tensors, NpzOptions options = {}) {
  io::ZipWriter archive("save_npz", path);
  for (const auto& [name, tensor] : tensors) {
    check<Error>(tensor.defined(), "save_npz: tensor '{}' is undefined", name);
    std::unique_ptr<std::byte[]> copy;
    const std::string header = io::write_npy_header("save_npz", tensor.dtype(), tensor.sizes());
    archive.add(name + ".npy", header, io::host_elements(tensor, copy), tensor.nbytes(), options.compressed);
  }
  archive.finish();
}

}  // namespace torchlite::inline TORCHLITE_ABI
