#pragma once

#include <string>

/// Sessions of BE*BEC as request bodies, with the places of request_template.
namespace ocpi::bench {

/// The CPO whose sessions the benchmarks write, as path segments.
inline constexpr char session_owner[] = "BE/BEC";

/// A session under way with that many charging periods, named PREFIX<number>. One period makes it
/// 0.6 kB.
std::string active_session(const std::string& prefix, int periods);

/// The same, COMPLETED and settled.
std::string settled_session(const std::string& prefix, int periods);

/// What is PATCHed to append one period that begins now.
std::string appended_period();

}  // namespace ocpi::bench
