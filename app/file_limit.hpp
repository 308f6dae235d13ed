#pragma once

#include <cstddef>
#include <optional>

namespace ocpi::app {

/// Every connection needs a file descriptor, and the usual soft limit of 1024 is not meant for
/// servers: it is raised to the hard one. Returns how many files the process may open;
/// std::nullopt when there is no limit, or it is not known.
std::optional<std::size_t> raise_file_limit();

/// How many of `wanted` connections, at least 1, a process that may open `files` files can serve:
/// database, log, calls to partners and the connections that are refused need some of them, of a
/// small number half.
std::size_t connections_within(std::optional<std::size_t> files, std::size_t wanted);

}  // namespace ocpi::app
