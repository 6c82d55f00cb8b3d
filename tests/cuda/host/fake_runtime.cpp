// SPDX-License-Identifier: BSD-3-Clause
#include "fake_runtime.hpp"

#include <cstdlib>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

struct CUstream_st {
  int device = 0;
  std::deque<std::function<void()>> waiting;
  std::vector<std::function<void()>>* captured = nullptr;  // the graph that records the stream
  bool invalid = false;
};
namespace {
struct EventState {
  CUstream_st* stream = nullptr;
  bool done = true;
};
}  // namespace
struct CUevent_st {
  std::shared_ptr<EventState> state = std::make_shared<EventState>();
};
struct CUgraph_st {
  std::vector<std::function<void()>> work;
};
struct CUgraphExec_st {
  std::vector<std::function<void()>> work;
};
struct CUmemPoolHandle_st {
  std::uint64_t reserved = 0, peak = 0, threshold = 0;
  int accesses = 0;
};

namespace {
struct Machine {
  int devices = 1, current = 0, host_waits = 0, streams = 0;
  std::size_t memory = std::size_t{1} << 30, live = 0, pinned_live = 0;
  std::map<const void*, std::size_t> blocks, pinned;
  CUstream_st defaults[8];
  std::vector<std::unique_ptr<CUstream_st>> made;
  CUmemPoolHandle_st pools[8];
  cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
  CUstream_st* capturing = nullptr;
  cudaError_t last = cudaSuccess;
};
Machine& machine() {
  static auto* const m = new Machine;
  return *m;
}
CUstream_st& stream_of(cudaStream_t s) { return s ? *s : machine().defaults[machine().current]; }
cudaError_t failed(cudaError_t status) { return machine().last = status; }
void run(CUstream_st& s) {
  while (!s.waiting.empty()) {
    auto work = std::move(s.waiting.front());
    s.waiting.pop_front();
    work();
  }
}
void give(CUstream_st& s, std::function<void()> work) {
  if (s.captured) s.captured->push_back(std::move(work));
  else s.waiting.push_back(std::move(work));
}
/// What may not be called while a thread captures, unless it says that it knows.
bool forbidden() {
  Machine& m = machine();
  if (m.capturing == nullptr || m.mode == cudaStreamCaptureModeRelaxed) return false;
  m.capturing->invalid = true;
  return true;
}
cudaError_t take(void** p, std::size_t bytes) {
  Machine& m = machine();
  if (m.live + bytes > m.memory) return failed(cudaErrorMemoryAllocation);
  *p = std::aligned_alloc(512, (bytes + 511) / 512 * 512);
  std::memset(*p, 0xcd, bytes);
  m.blocks[*p] = bytes;
  m.live += bytes;
  return cudaSuccess;
}
void drop(void* p) {
  Machine& m = machine();
  const auto block = m.blocks.find(p);
  if (block == m.blocks.end()) std::abort();  // freed twice, or never taken
  m.live -= block->second;
  m.blocks.erase(block);
  std::free(p);
}
bool is_inside(const std::map<const void*, std::size_t>& blocks, const void* p) {
  auto after = blocks.upper_bound(p);
  if (after == blocks.begin()) return false;
  --after;
  return static_cast<const char*>(p) < static_cast<const char*>(after->first) + after->second;
}
}  // namespace

namespace fake {
void set_devices(int count) { machine().devices = count; }
void set_memory(std::size_t bytes) { machine().memory = bytes; }
void launch(cudaStream_t stream, std::function<void()> work) { give(stream_of(stream), std::move(work)); }
void run_all() {
  for (auto& s : machine().defaults) run(s);
  for (auto& s : machine().made) run(*s);
}
int waits() { return machine().host_waits; }
std::size_t live_bytes() { return machine().live; }
std::size_t live_pinned_bytes() { return machine().pinned_live; }
int streams_made() { return machine().streams; }
}  // namespace fake

extern "C" {
cudaError_t cudaGetDeviceCount(int* count) {
  *count = machine().devices;
  return machine().devices > 0 ? cudaSuccess : failed(cudaErrorNoDevice);
}
cudaError_t cudaGetDevice(int* device) {
  *device = machine().current;
  return cudaSuccess;
}
cudaError_t cudaSetDevice(int device) {
  if (device < 0 || device >= machine().devices) return failed(cudaErrorInvalidDevice);
  machine().current = device;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* p, int device) {
  *p = {};
  std::strcpy(p->name, device == 0 ? "Fake GPU" : "Another fake GPU");
  return cudaSuccess;
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  *value = attribute == cudaDevAttrComputeCapabilityMajor ? 9 : 0;
  return cudaSuccess;
}
cudaError_t cudaDeviceCanAccessPeer(int* possible, int, int) {
  *possible = 1;
  return cudaSuccess;
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  *total = machine().memory;
  *free = machine().memory - machine().live;
  return cudaSuccess;
}
const char* cudaGetErrorString(cudaError_t) { return "an error of the fake runtime"; }
const char* cudaGetErrorName(cudaError_t status) {
  return status == cudaErrorStreamCaptureInvalidated ? "cudaErrorStreamCaptureInvalidated" : "cudaErrorFake";
}
cudaError_t cudaGetLastError() { return std::exchange(machine().last, cudaSuccess); }

cudaError_t cudaDeviceGetDefaultMemPool(cudaMemPool_t* pool, int device) {
  *pool = &machine().pools[device];
  return cudaSuccess;
}
cudaError_t cudaMemPoolSetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attribute, void* value) {
  if (attribute == cudaMemPoolAttrReleaseThreshold) pool->threshold = *static_cast<std::uint64_t*>(value);
  if (attribute == cudaMemPoolAttrReservedMemHigh) pool->peak = pool->reserved;
  return cudaSuccess;
}
cudaError_t cudaMemPoolGetAttribute(cudaMemPool_t pool, cudaMemPoolAttr attribute, void* value) {
  *static_cast<std::uint64_t*>(value) = attribute == cudaMemPoolAttrReservedMemHigh ? pool->peak : pool->reserved;
  return cudaSuccess;
}
cudaError_t cudaMemPoolSetAccess(cudaMemPool_t pool, const cudaMemAccessDesc*, std::size_t count) {
  pool->accesses += static_cast<int>(count);
  return cudaSuccess;
}
cudaError_t cudaMemPoolTrimTo(cudaMemPool_t pool, std::size_t) {
  pool->reserved = machine().live;
  return cudaSuccess;
}
cudaError_t cudaMallocFromPoolAsync(void** p, std::size_t bytes, cudaMemPool_t pool, cudaStream_t stream) {
  if (stream_of(stream).captured) return failed(cudaErrorNotSupported);  // a graph's own allocations are not what is wanted
  const cudaError_t status = take(p, bytes);
  if (machine().live > pool->reserved) pool->reserved = machine().live;
  if (pool->reserved > pool->peak) pool->peak = pool->reserved;
  return status;
}
cudaError_t cudaFreeAsync(void* p, cudaStream_t stream) {
  if (stream_of(stream).captured) std::abort();  // memory from outside must not be freed inside
  give(stream_of(stream), [p] { drop(p); });
  return cudaSuccess;
}
cudaError_t cudaMalloc(void** p, std::size_t bytes) { return forbidden() ? failed(cudaErrorStreamCaptureUnsupported) : take(p, bytes); }
cudaError_t cudaFree(void* p) {
  fake::run_all();
  drop(p);
  return cudaSuccess;
}
cudaError_t cudaMallocHost(void** p, std::size_t bytes) {
  if (forbidden()) return failed(cudaErrorStreamCaptureUnsupported);
  *p = std::malloc(bytes);
  machine().pinned[*p] = bytes;
  machine().pinned_live += bytes;
  return cudaSuccess;
}
cudaError_t cudaFreeHost(void* p) {
  machine().pinned_live -= machine().pinned.at(p);
  machine().pinned.erase(p);
  std::free(p);
  return cudaSuccess;
}
cudaError_t cudaPointerGetAttributes(cudaPointerAttributes* attributes, const void* p) {
  attributes->type = is_inside(machine().pinned, p)   ? cudaMemoryTypeHost
                     : is_inside(machine().blocks, p) ? cudaMemoryTypeDevice
                                                      : cudaMemoryTypeUnregistered;
  return cudaSuccess;
}
cudaError_t cudaMemcpyAsync(void* dst, const void* src, std::size_t bytes, cudaMemcpyKind, cudaStream_t stream) {
  Machine& m = machine();
  CUstream_st& s = stream_of(stream);
  const bool from_device = is_inside(m.blocks, src), from_pinned = is_inside(m.pinned, src);
  if (from_device || from_pinned) {
    give(s, [=] { std::memcpy(dst, src, bytes); });
    if (from_device && !is_inside(m.blocks, dst) && !is_inside(m.pinned, dst)) run(s);
  } else {  // ordinary memory is read at once
    give(s, [dst, staged = std::string(static_cast<const char*>(src), bytes)] { std::memcpy(dst, staged.data(), staged.size()); });
  }
  return cudaSuccess;
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  machine().made.push_back(std::make_unique<CUstream_st>());
  ++machine().streams;
  *stream = machine().made.back().get();
  (*stream)->device = machine().current;
  return cudaSuccess;
}
cudaError_t cudaStreamSynchronize(cudaStream_t stream) {
  CUstream_st& s = stream_of(stream);
  if (s.captured) {
    s.invalid = true;
    return failed(cudaErrorStreamCaptureUnsupported);
  }
  ++machine().host_waits;
  run(s);
  return cudaSuccess;
}
cudaError_t cudaDeviceSynchronize() {
  ++machine().host_waits;
  fake::run_all();
  return cudaSuccess;
}
cudaError_t cudaStreamQuery(cudaStream_t stream) { return stream_of(stream).waiting.empty() ? cudaSuccess : failed(cudaErrorNotReady); }
cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned) {
  give(stream_of(stream), [state = event->state] {
    while (!state->done) {
      auto work = std::move(state->stream->waiting.front());
      state->stream->waiting.pop_front();
      work();
    }
  });
  return cudaSuccess;
}
cudaError_t cudaEventCreateWithFlags(cudaEvent_t* event, unsigned) {
  *event = new CUevent_st;
  return cudaSuccess;
}
cudaError_t cudaEventDestroy(cudaEvent_t event) {
  delete event;
  return cudaSuccess;
}
cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream) {
  auto state = std::make_shared<EventState>(EventState{&stream_of(stream), false});
  event->state = state;
  give(stream_of(stream), [state] { state->done = true; });
  return cudaSuccess;
}
cudaError_t cudaEventQuery(cudaEvent_t event) { return event->state->done ? cudaSuccess : failed(cudaErrorNotReady); }
cudaError_t cudaEventSynchronize(cudaEvent_t event) {
  ++machine().host_waits;
  if (!event->state->done) run(*event->state->stream);
  return cudaSuccess;
}
cudaError_t cudaEventElapsedTime(float* ms, cudaEvent_t, cudaEvent_t) {
  *ms = 1;
  return cudaSuccess;
}

cudaError_t cudaThreadExchangeStreamCaptureMode(cudaStreamCaptureMode* mode) {
  std::swap(*mode, machine().mode);
  return cudaSuccess;
}
cudaError_t cudaStreamBeginCapture(cudaStream_t stream, cudaStreamCaptureMode) {
  if (stream == nullptr) return failed(cudaErrorStreamCaptureUnsupported);
  stream->captured = new std::vector<std::function<void()>>;
  machine().capturing = stream;
  return cudaSuccess;
}
cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t* graph) {
  std::unique_ptr<std::vector<std::function<void()>>> work(std::exchange(stream->captured, nullptr));
  machine().capturing = nullptr;
  if (std::exchange(stream->invalid, false)) {
    *graph = nullptr;
    return failed(cudaErrorStreamCaptureInvalidated);
  }
  *graph = new CUgraph_st{std::move(*work)};
  return cudaSuccess;
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* exec, cudaGraph_t graph, unsigned long long) {
  *exec = new CUgraphExec_st{graph->work};
  return cudaSuccess;
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream) {
  for (const auto& work : exec->work) give(stream_of(stream), work);
  return cudaSuccess;
}
cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  delete graph;
  return cudaSuccess;
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) {
  delete exec;
  return cudaSuccess;
}
}  // extern "C"
