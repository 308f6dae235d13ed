#pragma once

#include "ocpi/base/error.hpp"
#include "server/tls_options.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace ocpi::server {

/// The certificates of a server's listeners. They can be exchanged at any time: each connection
/// keeps those that were current when it began. Safe from any thread.
class tls_certificates {
public:
    /// Loads the files; throws std::runtime_error that names the one that cannot be used, and why.
    explicit tls_certificates(tls_options options);
    ~tls_certificates();

    const tls_options& options() const noexcept { return options_; }

    /// What a new connection uses.
    std::shared_ptr<boost::asio::ssl::context> current() const;

    /// Loads the files again. On error, whose log text names the file, the current certificates
    /// stay.
    result<void> reload();
    /// True if one of the files was changed since they were last loaded, or tried to.
    bool have_files_changed() const;

    /// When the current certificate, or an intermediate one that is sent with it, expires,
    /// whichever is first.
    std::chrono::system_clock::time_point expiry() const;

    /// For the log: the subject of the current certificate and the end of its validity.
    std::string describe() const;

private:
    /// The time of change and the size of each file.
    using file_states = std::vector<std::string>;
    file_states read_file_states() const;

    const tls_options options_;
    mutable std::mutex mutex_;
    std::shared_ptr<boost::asio::ssl::context> current_;  // guarded by mutex_
    file_states loaded_;                                  // guarded by mutex_
};

}  // namespace ocpi::server
