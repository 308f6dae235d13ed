#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

// What must be true of several processes on one store, whatever has happened to them. Pure
// functions of what was recorded: each returns the first thing that is wrong, or an empty text.

namespace cluster {

/// Milliseconds since 1970 by the clock of this machine, which is the database's, too.
using instant = std::int64_t;

/// How long a lease lives unless it is renewed.
inline constexpr instant lease_life = 12'000;

/// A lease as it was in the database at that instant.
struct lease_sample {
    std::string name;
    /// `host:pid:random`; empty: given back.
    std::string holder;
    std::uint64_t epoch = 0;
    instant taken_at = 0;
    instant expires_at = 0;
    instant read_at = 0;
};

/// A message of a process, done under that lease, when it was received.
struct receipt {
    std::string lease;
    /// 0: the process was gone before it could be found out.
    pid_t process = 0;
    instant at = 0;
};

/// The process of a holder; 0 for none.
pid_t process_of(const std::string& holder);

/// At each moment one owner: a lease is not taken before it is given back or expired, an epoch has
/// one holder, and each message is of the process that holds the lease then. `samples`: in the
/// order in which they were read. `slack`: between a message that is sent, or a row that is
/// written, and its record here. A process that has ended in order may have given its lease back
/// between two samples.
std::string find_ownership_violation(const std::vector<lease_sample>& samples,
                                     const std::vector<receipt>& receipts, instant slack,
                                     const std::function<bool(pid_t)>& has_ended);

/// How long the lease of that name had no holder, from the end of `process` on, until another had
/// it; -1: none has.
instant find_succession(const std::vector<lease_sample>& samples, const std::string& lease,
                        pid_t process, instant from);

/// A change of a record, in the order in which a follower has seen it.
struct change {
    std::uint64_t revision = 0;
    std::string id;
};

/// The revisions rise, and the last change of each record that was seen is what is stored.
std::string find_change_violation(const std::vector<change>& seen,
                                  const std::map<std::string, std::uint64_t>& stored);

/// Each session that the partner should hold is what is stored; the texts are JSON.
std::string find_partner_violation(const std::map<std::string, std::string>& held,
                                   const std::map<std::string, std::string>& stored);

}  // namespace cluster
