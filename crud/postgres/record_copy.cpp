#include "crud/postgres/record_copy.hpp"

#include "crud/postgres/blocking_connection.hpp"
#include "crud/postgres/copy_transaction.hpp"
#include "crud/postgres/migrations.hpp"
#include "crud/postgres/postgres_error.hpp"
#include "crud/postgres/record_rows.hpp"
#include "crud/postgres/record_source.hpp"
#include "crud/postgres/schema.hpp"
#include "crud/postgres/url.hpp"
#include "ocpi/base/uuid.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

/// How often, and with which pauses, it is looked whether connections that were closed are gone.
constexpr int max_looks = 20;
constexpr std::chrono::milliseconds between_looks{100};

/// Whether another process of ocpi-sessions is connected, as far as the server can tell.
bool has_other_connections(blocking_connection& on)
{
    try {
        return on.run(command("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
                              "AND application_name = 'ocpi-sessions' AND pid <> "
                              "pg_backend_pid() LIMIT 1"))
                   .size() > 0;
    } catch (const postgres_error& failure) {
        // A compatible engine without the view: leases tell.
        if (failure.is_connection_lost()) throw;
        return false;
    }
}

void require_no_connection(blocking_connection& on, const std::string& name)
{
    for (int looks = 0; has_other_connections(on); ++looks) {
        if (looks == max_looks) {
            throw std::runtime_error("a server or another command is connected to " + name +
                                     ": stop all of them first");
        }
        std::this_thread::sleep_for(between_looks);
    }
}

/// The leases of a server that has ended without giving them back are gone after 12 s.
void require_no_server(blocking_connection& on, const std::string& name)
{
    const auto found =
        on.run(command("SELECT holder FROM lease WHERE holder <> '' AND expires_at > now() ORDER "
                       "BY name LIMIT 1"));
    if (found.size() == 0) return require_no_connection(on, name);
    throw std::runtime_error("a server works on " + name + " (" + std::string(found.text(0, 0)) +
                             "): stop all of them first; one that was killed counts for 12 seconds "
                             "more");
}

class database_source final : public record_source {
public:
    explicit database_source(connection_options options)
        : name_(without_password(options.url)), on_(std::move(options))
    {
        const auto present = on_.wait(find_schema(on_.get()));
        if (!present || *present == 0) {
            throw std::runtime_error(name_ + ": it is no database of ocpi-sessions");
        }
        require_known_schema(*present);
        require_no_server(on_, name_);
    }

    store_numbers latest() override { return records_.latest(); }
    std::uint64_t count() override { return records_.count(); }
    std::vector<stored_record> read() override { return records_.read(); }

private:
    const std::string name_;
    blocking_connection on_;
    postgres_record_source records_{on_};
};

/// The target's own table, which is dropped at the end.
constexpr const char* make_progress =
    "CREATE TABLE migration (source bytea NOT NULL, revision bigint NOT NULL, sequence bigint NOT "
    "NULL, reached bigint NOT NULL, run text NOT NULL)";

/// All but schema_version, whose row is locked.
constexpr const char* drop_tables =
    "DROP TABLE IF EXISTS record, latest_number, list_total, record_total, lease, writer, "
    "migration; ";

std::string describe(const stored_record& of)
{
    const auto& key = of.record.document.key;
    std::string text = of.module;
    for (const auto* part : {&key.country_code, &key.party_id, &key.id}) {
        if (!part->str().empty()) text += ' ' + part->str();
    }
    return text;
}

class database_sink final : public record_sink {
public:
    explicit database_sink(connection_options options)
        : name_(without_password(options.url)), on_(std::move(options))
    {
    }

    std::uint64_t begin(const copy_origin& origin) override
    {
        auto first = lock();
        const auto seen = first.state();
        if (seen.copy && seen.copy->origin == origin) {
            take_over();
            first.commit();
            return seen.copy->reached;
        }
        first.roll_back();
        require_replaceable(seen, origin);
        auto second = lock();
        if (second.state() != seen) {
            require_source(second.state(), origin);
            throw std::runtime_error(another_copies());
        }
        if (seen.schema > 0) require_empty();
        start(origin, seen.schema != 0);
        second.commit();
        return 0;
    }

    void write(const std::vector<stored_record>& records) override
    {
        std::vector<command> statements;
        statements.push_back(insert_stored_records(records));
        parameters reached;
        reached.add(static_cast<std::int64_t>(records.back().sequence));
        statements.emplace_back("UPDATE migration SET reached = $1", std::move(reached));
        auto in = lock();
        require_own(in.state());
        try {
            on_.run(std::move(statements));
            in.commit();
        } catch (const postgres_error& failure) {
            explain(failure, records);
        }
    }

    std::unique_ptr<record_source> read_back() override
    {
        return std::make_unique<postgres_record_source>(on_);
    }

    void finish() override
    {
        std::vector<command> statements;
        for (auto& each : count_all_records()) statements.push_back(std::move(each));
        statements.emplace_back(
            "UPDATE latest_number SET revision = m.revision, sequence = m.sequence FROM migration "
            "AS m WHERE latest_number.name = 'record'");
        statements.emplace_back("DROP TABLE migration");
        statements.emplace_back("UPDATE schema_version SET version = " +
                                std::to_string(latest_schema()) + " WHERE name = 'record'");
        auto last = lock();
        require_own(last.state());
        on_.run(std::move(statements));
        last.commit();
        // So that the first queries are planned by what is there.
        on_.execute("ANALYZE");
    }

private:
    std::string another_copies() const { return "another process is copying to " + name_; }

    copy_transaction lock()
    {
        try {
            return copy_transaction(on_);
        } catch (const postgres_error& failure) {
            if (failure.sqlstate() != "55P03") throw;  // lock_not_available
            throw std::runtime_error(another_copies());
        }
    }

    /// A copy of another source is that of someone else, who may be at work.
    void require_source(const copy_state& present, const copy_origin& origin) const
    {
        if (!present.copy || present.copy->origin.source == origin.source) return;
        throw std::runtime_error(
            name_ + " has an unfinished copy of " + present.copy->origin.source +
            ": finish that one first, by the same command again, or empty the database with DROP "
            "DATABASE and CREATE DATABASE");
    }

    /// Each transaction after begin(): the copy is still that of this run.
    void require_own(const copy_state& present) const
    {
        if (present.copy && present.copy->run == run_) return;
        throw std::runtime_error(another_copies() + ", or has finished it");
    }

    void require_replaceable(const copy_state& present, const copy_origin& origin)
    {
        require_source(present, origin);
        if (present.schema == 0) return;
        if (present.schema == unfinished_copy_schema) return require_no_connection(on_, name_);
        require_known_schema(present.schema);
        require_empty();
        require_no_server(on_, name_);
    }

    /// A run of the same copy that still works on it fails at its next transaction.
    void take_over()
    {
        parameters with;
        with.add(std::string_view(run_));
        on_.run(command("UPDATE migration SET run = $1", std::move(with)));
    }

    void require_empty()
    {
        const auto read = on_.run(
            command("SELECT revision, (SELECT count(*) FROM (SELECT 1 FROM record LIMIT 1) AS r) "
                    "FROM latest_number WHERE name = 'record'"));
        if (read.size() == 0) return;
        if (read.integer(0, 0) == 0 && read.integer(0, 1) == 0) return;
        throw std::runtime_error(name_ + " has data of its own; copy to a database that has none");
    }

    /// Makes the tables. What an earlier state of the source or an empty store has left is removed;
    /// a table of the same name that is not ours makes it fail.
    void start(const copy_origin& origin, bool has_own_tables)
    {
        const std::string clearing = has_own_tables ? drop_tables : "";
        on_.execute(clearing + "UPDATE schema_version SET version = " +
                    std::to_string(unfinished_copy_schema) + " WHERE name = 'record'; " + schema +
                    "; " + make_progress);
        parameters with;
        with.add_bytes(origin.source).add(static_cast<std::int64_t>(origin.latest.revision));
        with.add(static_cast<std::int64_t>(origin.latest.sequence)).add(std::string_view(run_));
        on_.run(
            command("INSERT INTO migration (source, revision, sequence, reached, run) VALUES ($1, "
                    "$2, $3, 0, $4)",
                    std::move(with)));
    }

    [[noreturn]] void explain(const postgres_error& failure,
                              const std::vector<stored_record>& records) const
    {
        if (failure.is_unique_violation()) {
            throw std::runtime_error(another_copies());
        }
        constexpr std::string_view data_exceptions = "22";
        if (failure.sqlstate().starts_with(data_exceptions)) {
            throw std::runtime_error("PostgreSQL refuses one of the records from " +
                                     describe(records.front()) + " to " + describe(records.back()) +
                                     ": " + failure.what());
        }
        throw failure;
    }

    const std::string name_;
    const std::string run_ = make_uuid();
    blocking_connection on_;
};

}  // namespace

std::unique_ptr<record_source> open_record_source(connection_options options)
{
    return std::make_unique<database_source>(std::move(options));
}

std::unique_ptr<record_sink> open_record_sink(connection_options options)
{
    return std::make_unique<database_sink>(std::move(options));
}

}  // namespace ocpi::crud::postgres
