// A new device: a tag, and the primitives of backend/concept.hpp for it. This one computes on the host and counts.
#include <torchlite/torchlite.hpp>

#include <cstddef>
#include <string_view>

namespace tl = torchlite;

namespace counting {
struct Counting {
  static constexpr std::string_view name = "counting";
};
inline int launches = 0;
}  // namespace counting

template <>
inline constexpr bool tl::backend::is_device<counting::Counting> = true;

// Found by the tag. Memory and copies are the host's here.
namespace counting {
inline void* allocate(Counting, std::size_t bytes) { return tl::backend::allocate(tl::Cpu{}, bytes); }
inline void deallocate(Counting, void* p, std::size_t bytes) { tl::backend::deallocate(tl::Cpu{}, p, bytes); }
inline void copy_from_host(Counting, void* to, const void* from, std::size_t bytes) {
  tl::backend::copy_from_host(tl::Cpu{}, to, from, bytes);
}
inline void copy_to_host(Counting, void* to, const void* from, std::size_t bytes) { tl::backend::copy_to_host(tl::Cpu{}, to, from, bytes); }

template <class F, class Out>
void map(Counting, const tl::backend::MapArguments& a) {
  ++launches;
  tl::backend::map<F, Out>(tl::Cpu{}, a);
}
template <class F, class Out>
void map_backward(Counting, const tl::backend::MapBackwardArguments& a) {
  ++launches;
  tl::backend::map_backward<F, Out>(tl::Cpu{}, a);
}
template <class Reducer, class F, class Out, class Value>
void reduce(Counting, const tl::backend::ReduceArguments& a) {
  ++launches;
  tl::backend::reduce<Reducer, F, Out, Value>(tl::Cpu{}, a);
}
template <class T>
void gemm(Counting, const tl::backend::GemmArguments<T>& a) {
  ++launches;
  tl::backend::gemm(tl::Cpu{}, a);
}
}  // namespace counting

static_assert(tl::backend::mapping_device<counting::Counting> && tl::backend::reducing_device<counting::Counting> &&
              tl::backend::multiplying_device<counting::Counting>);

int main() {
  using counting::Counting;
  auto a = tl::Tensor<float>({2, 2}, {1, 2, 3, 4}).to<Counting>().requires_grad_();
  auto b = tl::Tensor<float>({2, 2}, {1, 0, 0, 1}).to<Counting>();
  tl::Tensor c = tl::relu(a * 2.0f - 3.0f) + b;  // one launch
  bool right = counting::launches == 1;
  c.backward(b);  // the gradient comes back in one launch
  right = right && counting::launches == 2;
  tl::Tensor product = tl::matmul(b, c.detach());
  right = right && counting::launches == 3;
  return right && product.to<tl::Cpu>()[1][1].item() == 6.0f && a.grad().to<tl::Cpu>()[1][1].item() == 2.0f ? 0 : 1;
}
