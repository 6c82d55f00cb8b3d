// SPDX-License-Identifier: BSD-3-Clause
// MKL asks itself this question before it runs AVX-512 kernels, whatever the processor has; on processors of other vendors the answer
// halves its speed, so here it is always yes.
extern "C" int mkl_serv_intel_cpu_true() { return 1; }
