#include "crud/postgres/lease_statements.hpp"

#include "crud/postgres/value_columns.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

/// The rows that another holder has are left out first, so that looking for free leases locks
/// none of them: a transaction that is fenced by one holds its row. What has changed since is
/// checked again under the lock.
const char* const claim =
    "INSERT INTO lease (name, holder, epoch, taken_at, expires_at) SELECT w.name, $2, 1, now(), "
    "now() + $3::bigint * interval '1 millisecond' FROM unnest($1::text[]) AS w (name) LEFT JOIN "
    "lease AS l ON l.name = w.name WHERE l.name IS NULL OR l.holder = $2 OR l.holder = '' OR "
    "l.expires_at <= now() ORDER BY w.name ON CONFLICT (name) DO UPDATE SET holder = "
    "excluded.holder, expires_at = excluded.expires_at, epoch = CASE WHEN lease.holder = "
    "excluded.holder THEN lease.epoch ELSE lease.epoch + 1 END, taken_at = CASE WHEN lease.holder "
    "= excluded.holder THEN lease.taken_at ELSE excluded.taken_at END WHERE lease.holder = "
    "excluded.holder OR lease.holder = '' OR lease.expires_at <= now() RETURNING name, epoch";

const char* const release =
    "UPDATE lease SET holder = '', expires_at = now() FROM unnest($1::text[], $2::bigint[]) AS h "
    "(name, epoch) WHERE lease.name = h.name AND lease.epoch = h.epoch AND lease.holder = $3";

const char* const list =
    "SELECT name, holder, epoch, floor(extract(epoch FROM now() - taken_at) * 1000)::bigint, "
    "floor(extract(epoch FROM expires_at - now()) * 1000)::bigint FROM lease ORDER BY name";

using lease_text = std::optional<std::string_view>;

}  // namespace

command claim_statement(const std::string& holder, const std::vector<std::string>& names,
                        std::chrono::milliseconds life)
{
    // Each once: a statement cannot change one row twice.
    auto wanted = names;
    std::sort(wanted.begin(), wanted.end());
    wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
    parameters with;
    value_columns columns(with, wanted);
    columns.texts([](const std::string& of) -> lease_text { return of; });
    with.add(holder).add(static_cast<std::int64_t>(life.count()));
    return command(claim, std::move(with));
}

std::vector<held_lease> read_claimed(const rows& returned)
{
    std::vector<held_lease> held;
    for (int i = 0; i < returned.size(); ++i) {
        held_lease each;
        each.name = returned.text(i, 0);
        each.epoch = static_cast<lease_epoch>(returned.integer(i, 1));
        held.push_back(std::move(each));
    }
    return held;
}

command release_statement(const std::string& holder, const std::vector<held_lease>& held)
{
    parameters with;
    value_columns columns(with, held);
    columns.texts([](const held_lease& of) -> lease_text { return of.name; });
    columns.numbers([](const held_lease& of) { return static_cast<std::int64_t>(of.epoch); });
    with.add(holder);
    return command(release, std::move(with));
}

command list_leases_statement()
{
    return command(list);
}

std::vector<lease_entry> read_leases(const rows& returned)
{
    std::vector<lease_entry> all;
    for (int i = 0; i < returned.size(); ++i) {
        lease_entry each;
        each.name = returned.text(i, 0);
        each.holder = returned.text(i, 1);
        each.epoch = static_cast<lease_epoch>(returned.integer(i, 2));
        each.age = std::chrono::milliseconds(returned.integer(i, 3));
        each.left = std::chrono::milliseconds(returned.integer(i, 4));
        all.push_back(std::move(each));
    }
    return all;
}

}  // namespace ocpi::crud::postgres
