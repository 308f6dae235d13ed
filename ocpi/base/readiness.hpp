#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi {

/// Why this process should be sent no requests at present: parts of it report their reasons, which
/// the operator's readiness check returns. Safe from any thread.
class readiness {
public:
    /// From now on `component` has this reason, for people, instead of one that it reported before.
    void report(std::string_view component, std::string reason);
    /// `component` has no reason any more.
    void clear(std::string_view component);

    /// All reasons, by component; empty: ready.
    std::vector<std::string> reasons() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string, std::less<>> reasons_;  // guarded by mutex_
};

}  // namespace ocpi
