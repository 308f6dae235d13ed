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

/// By what a session is priced.
struct session_tariffs {
    /// Each once: those that its periods name, as far as they are known, and the default.
    std::vector<tariffs::tariff_ptr> tariffs;
    /// That of the EVSE, where periods are left to it.
    std::optional<ci_string> default_id;
    /// Of the place where it charges.
    time_zone zone;
    /// What was looked for in vain: sentences for people.
    std::vector<std::string> notes;
};

/// Where tariffs and time zones of sessions are looked for.
struct pricing_parts {
    std::shared_ptr<tariffs::tariff_directory> tariffs;
    /// nullptr: no EVSE is known.
    std::shared_ptr<sessions::evse_directory> evses;
    /// Where neither the EVSE nor a policy tells; nothing: UTC.
    std::optional<time_zone> zone;
};

/// Finds out by which tariffs sessions are priced. Safe from any thread.
class session_tariff_finder {
public:
    explicit session_tariff_finder(pricing_parts parts) : parts_(std::move(parts)) {}

    /// The tariffs of all periods. Periods that name none are left to the EVSE's tariff for the
    /// profile, where no period names one, or where several are named. That tariff counts when it
    /// is valid at the start of the session, and for this profile or any. `of_policy`: the time
    /// zone of the policy that manages the session. Fails when tariffs cannot be asked for.
    boost::asio::awaitable<result<session_tariffs>> find(sessions::session of,
                                                         sessions::profile_type profile,
                                                         std::optional<time_zone> of_policy);

    /// The tariff that counts from now on: that of the last period, else the EVSE's for the
    /// profile, else that for REGULAR; with the time zone, as above.
    boost::asio::awaitable<result<session_tariffs>> find_current(
        sessions::session of, sessions::profile_type profile, std::optional<time_zone> of_policy);

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

    const pricing_parts parts_;
};

}  // namespace ocpi::pricing
