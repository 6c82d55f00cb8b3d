// SPDX-License-Identifier: BSD-3-Clause
// What an equation of einsum says of the dimensions of its operands and of its result.
#pragma once
#include <torchlite/core/error.hpp>
#include <torchlite/core/shape.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace torchlite::inline TORCHLITE_ABI {
namespace ops {

/// A dimension's name in an equation: 0 to 25 for A to Z, 26 to 51 for a to z, and from 52 on what "..." stands for, counted from
/// the last of its dimensions.
using EinsumLabels = std::vector<int>;
inline constexpr int einsum_letters = 52;

struct EinsumPlan {
  std::vector<EinsumLabels> inputs;
  EinsumLabels output;
};

inline std::string einsum_name(int label) {
  if (label >= einsum_letters) return "...";
  return std::string(1, static_cast<char>(label < 26 ? 'A' + label : 'a' + label - 26));
}

/// One side of an equation; "..." becomes -1.
inline std::vector<EinsumLabels> einsum_terms(std::string_view text, std::string_view equation) {
  std::vector<EinsumLabels> terms(1);
  bool ellipsis = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ') continue;
    if (c == ',') {
      terms.emplace_back();
      ellipsis = false;
    } else if (c == '.') {
      check<Error>(!ellipsis && text.substr(i, 3) == "...", "einsum: \"{}\" has a '.' that is not part of one \"...\" in a term", equation);
      ellipsis = true;
      terms.back().push_back(-1);
      i += 2;
    } else {
      check<Error>((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'),
                   "einsum: \"{}\" has the character '{}'; dimensions are named by the letters a to z and A to Z", equation, c);
      terms.back().push_back(c <= 'Z' ? c - 'A' : c - 'a' + 26);
    }
  }
  return terms;
}

inline EinsumPlan einsum_plan(std::string_view equation, const std::vector<Shape>& sizes) {
  const std::size_t arrow = equation.find("->");
  const std::vector<EinsumLabels> terms = einsum_terms(equation.substr(0, arrow), equation);
  check<Error>(terms.size() == sizes.size(), "einsum: \"{}\" has {} terms for {} operands; there must be one for each", equation,
               terms.size(), sizes.size());
  EinsumPlan plan;
  int hidden = 0;  // dimensions that "..." stands for at most
  int seen[einsum_letters] = {};
  for (std::size_t t = 0; t < terms.size(); ++t) {
    EinsumLabels labels;
    const int letters = static_cast<int>(terms[t].size()), rank = sizes[t].rank();
    bool ellipsis = false;
    for (const int label : terms[t]) ellipsis = ellipsis || label < 0;
    check<ShapeError>(
        ellipsis ? letters - 1 <= rank : letters == rank,
        "einsum: term {} of \"{}\" names {} dimensions, operand {} has shape {}; every dimension must be named, or be part of \"...\"", t,
        equation, letters - (ellipsis ? 1 : 0), t, sizes[t].str());
    for (const int label : terms[t]) {
      if (label >= 0) {
        labels.push_back(label);
        ++seen[label];
        continue;
      }
      const int count = rank - (letters - 1);
      hidden = count > hidden ? count : hidden;
      for (int i = count - 1; i >= 0; --i) labels.push_back(einsum_letters + i);
    }
    plan.inputs.push_back(labels);
  }
  const auto add_hidden = [&] {
    for (int i = hidden - 1; i >= 0; --i) plan.output.push_back(einsum_letters + i);
  };
  if (arrow == std::string_view::npos) {
    add_hidden();
    for (int label = 0; label < einsum_letters; ++label)
      if (seen[label] == 1) plan.output.push_back(label);
    return plan;
  }
  const std::vector<EinsumLabels> right = einsum_terms(equation.substr(arrow + 2), equation);
  check<Error>(right.size() == 1, "einsum: \"{}\" has several results; there can be one", equation);
  bool used[einsum_letters] = {};
  for (const int label : right[0]) {
    if (label < 0) {
      add_hidden();
      continue;
    }
    check<Error>(seen[label] > 0 && !used[label], "einsum: '{}' stands in the result of \"{}\" {}", einsum_name(label), equation,
                 used[label] ? "twice; it can stand there once" : "but in no operand");
    used[label] = true;
    plan.output.push_back(label);
  }
  return plan;
}

inline int einsum_find(const EinsumLabels& labels, int label) {
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] == label) return static_cast<int>(i);
  return -1;
}

}  // namespace ops
}  // namespace torchlite::inline TORCHLITE_ABI
