// SPDX-License-Identifier: BSD-3-Clause
// CUDA graphs: a step of training is recorded once and launched as one piece from then on.
#pragma once
#include <torchlite/backend/cuda/memory.cuh>

#include <memory>
#include <utility>

namespace torchlite::inline TORCHLITE_ABI::backend::cuda {

#if TORCHLITE_CUDA
template <class Bytes>
__global__ void write_replay_table(unsigned char* to, const __grid_constant__ Bytes values, unsigned count) {
  for (unsigned i = threadIdx.x; i < count; i += blockDim.x) to[i] = values.bytes[i];
}
#endif
/// Writes values into device memory in the order of a stream. They travel as an argument of the launch, so that the host may change
/// them at once.
inline void send_replay_values(unsigned char* to, const ReplayBytes& values, std::size_t count, cudaStream_t stream) {
#if TORCHLITE_CUDA
  write_replay_table<ReplayBytes><<<1, 256, 0, stream>>>(to, values, static_cast<unsigned>(count));
  check_launch("replay");
#else
  check_status(cudaMemcpyAsync(to, values.bytes, count, cudaMemcpyHostToDevice, stream), "cudaMemcpyAsync");
#endif
}

/// How capture() records.
struct CaptureOptions {
  int warmup = 1;                  ///< how often the step runs for real before it is recorded, so that what is made on first use is there
  Generator* generator = nullptr;  ///< whose random numbers move on with each replay; the default generator if null
};

class Graph;
/// Records what a step asks of the device, such as a forward and a backward pass and an optimizer's step, and returns it as a graph:
///   tl::Tensor<float, Cuda> loss;
///   auto graph = cuda::capture([&] { optimizer.zero_grad(); loss = step(x, y); loss.backward(); optimizer.step(); });
///   for (...) { x.copy_(next.images); y.copy_(next.labels); graph.replay(); }
/// The step runs `warmup` times for real first; the recording itself computes nothing. Each replay draws new random numbers, as if
/// the step had run again. What the step does on the host is not repeated, other than by replay_value.
/// Throws DeviceError if the step needs a value on the host, or does something else that cannot be recorded; then the thread and its
/// stream are as they were.
template <class Step>
Graph capture(Step&& step, const CaptureOptions& options = {});

/// A recorded step. It owns the memory that the step worked in: tensors that the step made keep their addresses, and hold the values
/// of the latest replay. Tensors that it reads are read where they were: write new inputs into them with copy_().
class Graph {
 public:
  Graph() = default;
  Graph(Graph&& other) noexcept
      : capture_(std::move(other.capture_)),
        graph_(std::exchange(other.graph_, nullptr)),
        last_stream_(std::exchange(other.last_stream_, nullptr)),
        replayed_(std::exchange(other.replayed_, false)) {}
  Graph& operator=(Graph&& other) noexcept {
    if (this != &other) {
      reset();
      capture_ = std::move(other.capture_);
      graph_ = std::exchange(other.graph_, nullptr);
      last_stream_ = std::exchange(other.last_stream_, nullptr);
      replayed_ = std::exchange(other.replayed_, false);
    }
    return *this;
  }
  ~Graph() { reset(); }

  /// Launches the step on the current stream and returns at once. Throws Error if nothing was captured.
  void replay() {
    check<Error>(graph_ != nullptr, "replay: this graph is empty; capture() makes one");
    check<DeviceError>(!capturing, "replay: a graph cannot be launched while another one is being captured");
    const DeviceGuard guard(capture_->memory->device);
    const cudaStream_t stream = current_stream();
    if (replayed_ && stream != last_stream_) {  // the table is written again only after the launch before has read it
      Event before;
      before.record(last_stream_);
      before.wait(stream);
    }
    capture_->table.update([&](std::size_t at, const ReplayBytes& values, std::size_t count) {
      send_replay_values(capture_->table_data + at, values, count, stream);
    });
    check_status(cudaGraphLaunch(graph_, stream), "cudaGraphLaunch");
    last_stream_ = stream;
    replayed_ = true;
  }

  /// Forgets the step and gives its memory back, except what tensors still hold; waits for a replay that is running.
  void reset() noexcept {
    if (capture_ == nullptr) return;
    if (replayed_) cudaStreamSynchronize(last_stream_);
    if (graph_) cudaGraphExecDestroy(graph_);
    graph_ = nullptr;
    replayed_ = false;
    for (const Capture::Held& h : capture_->held) give_memory_back(h.data, h.bytes, h.place);
    for (const void* p : capture_->pinned) pinned_pool().release(p);
    if (capture_->table_data) GraphMemories::instance().deallocate(capture_->table_data);
    GraphMemories::instance().close(capture_->memory);
    capture_.reset();
  }

  bool defined() const { return graph_ != nullptr; }
  /// Bytes of device memory that the graph took from the system.
  std::size_t reserved_bytes() const { return capture_ ? capture_->memory->pool.reserved_bytes() : 0; }

 private:
  template <class Step>
  friend Graph capture(Step&& step, const CaptureOptions& options);

  std::unique_ptr<Capture> capture_;
  cudaGraphExec_t graph_ = nullptr;
  cudaStream_t last_stream_ = nullptr;
  bool replayed_ = false;
};

template <class Step>
Graph capture(Step&& step, const CaptureOptions& options) {
  check<DeviceError>(current_capture == nullptr, "capture: this thread is capturing already; a graph cannot contain another one's capture");
  const int device = current_device();
  const cudaStream_t outer = current_stream();
  for (int i = 0; i < options.warmup; ++i) step();
  const Stream side;  // the default stream cannot be captured
  side.wait(outer);
  Graph result;
  Generator& generator = options.generator ? *options.generator : default_generator();
  {
    const StreamGuard guard(side);
    result.capture_ = std::make_unique<Capture>(device, generator);
    Capture& state = *result.capture_;
    state.table_data = static_cast<unsigned char*>(GraphMemories::instance().allocate(state.memory, Capture::table_bytes, side.get()));
    check_status(cudaStreamBeginCapture(side.get(), cudaStreamCaptureModeThreadLocal), "cudaStreamBeginCapture");

    // Whatever the step throws, the capture ends: the stream is usable again and the generator where it was.
    struct Recording {
      Capture& state;
      cudaStream_t stream;
      cudaGraph_t graph = nullptr;
      bool running = true;
      Recording(Capture& capture, cudaStream_t on) : state(capture), stream(on) { current_capture = &capture, capturing = true; }
      ~Recording() {
        if (running) end();
        if (graph) cudaGraphDestroy(graph);
      }
      cudaError_t end() {
        running = false;
        current_capture = nullptr, capturing = false;
        state.random.finish();
        const cudaError_t status = cudaStreamEndCapture(stream, &graph);
        if (status != cudaSuccess) cudaGetLastError();
        return status;
      }
    } recording(state, side.get());
    step();
    const cudaError_t status = recording.end();
    check<DeviceError>(status == cudaSuccess, "capture: the step did something that a graph cannot hold: {} ({})",
                       cudaGetErrorString(status), cudaGetErrorName(status));
    check_status(cudaGraphInstantiate(&result.graph_, recording.graph, 0), "cudaGraphInstantiate");
  }
  Event recorded;
  recorded.record(side);
  recorded.wait(outer);
  return result;
}

}  // namespace torchlite::inline TORCHLITE_ABI::backend::cuda
