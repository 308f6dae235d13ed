#pragma once

#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/profile_type.hpp"
#include "modules/sessions/session.hpp"
#include "modules/tariffs/tariff.hpp"
#include "modules/tariffs/tariff_directory.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/time_zone.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::pricing {

/// The tariffs that price a session.
struct session_tariffs {
    /// The known tariffs named by its periods and the default, without repetition.
    std::vector<tariffs::tariff_ptr> tariffs;
    /// The EVSE's tariff, for periods without one.
    std::optional<ci_string> default_id;
    /// Time zone of the charging location.
    time_zone zone;
    /// Missing tariffs and zones, as sentences for people.
    std::vector<std::string> notes;
};

/// Sources of tariffs and time zones of sessions.
struct tariff_finder_dependencies {
    std::shared_ptr<tariffs::tariff_directory> tariffs;
    /// nullptr: no EVSE is known.
    std::shared_ptr<sessions::evse_directory> evses;
    /// Fallback when neither the EVSE nor a policy has a time zone; std::nullopt: UTC.
    std::optional<time_zone> zone;
};

/// Finds the tariffs that price sessions, which have to live until they are found. Safe from any
/// thread.
class session_tariff_finder {
public:
    explicit session_tariff_finder(tariff_finder_dependencies dependencies)
        : dependencies_(std::move(dependencies))
    {
    }

    /// The tariffs of all periods. Periods that name none use the EVSE's tariff for the profile, if
    /// no period names one or several are named. That tariff applies if it is valid at the start of
    /// the session, and for this profile or any. `of_policy`: the time zone of the policy that
    /// manages the session. Fails when the tariffs cannot be read.
    boost::asio::awaitable<result<session_tariffs>> find(const sessions::session& of,
                                                         sessions::profile_type profile,
                                                         std::optional<time_zone> of_policy);

    /// The tariff in force from now on: that of the last period, else the EVSE's for the profile,
    /// else for REGULAR; with the time zone as above.
    boost::asio::awaitable<result<session_tariffs>> find_current(
        const sessions::session& of, sessions::profile_type profile,
        std::optional<time_zone> of_policy);

private:
    struct place {
        std::optional<sessions::evse> where;
        time_zone zone;
    };

    boost::asio::awaitable<result<place>> find_place(const sessions::session& of,
                                                     const std::optional<time_zone>& of_policy,
                                                     std::vector<std::string>& notes);
    boost::asio::awaitable<result<tariffs::tariff_ptr>> find_named(party owner, std::string id,
                                                                   std::vector<std::string>& notes);
    boost::asio::awaitable<result<tariffs::tariff_ptr>> find_default(
        const sessions::session& of, const place& at, sessions::profile_type profile,
        std::vector<std::string>& notes);

    const tariff_finder_dependencies dependencies_;
};

}  // namespace ocpi::pricing
