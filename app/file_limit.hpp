#pragma once

#include <cstddef>
#include <optional>

namespace ocpi::app {

/// Raises the soft limit of open files to the hard one: every connection needs a file descriptor,
/// and the usual limit of 1024 is too low for servers. Returns the number of files the process may
/// open; std::nullopt when unlimited or unknown.
std::optional<std::size_t> raise_file_limit();

/// The number of connections, at least 1 and at most `wanted`, that a process with `files`
/// descriptors can serve: some, of a small number half, are kept for database, log, calls to
/// partners and refused connections.
std::size_t connections_within(std::optional<std::size_t> files, std::size_t wanted);

}  // namespace ocpi::app
