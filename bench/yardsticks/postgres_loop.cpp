// A bare loop over libpq, to compare durable writes to PostgreSQL with: upserts sessions of the
// same bytes as load_client's put_new and put_existing by one key, in batches of 128 rows, each one
// statement and a commit, by one connection. yardstick_postgres URL [new|existing] [SECONDS]
// [BATCH] [PERIODS]; prints one JSON line. Makes the table yardstick of the database again.

#include "bench/postgres/pipeline.hpp"
#include "bench/yardsticks/upsert_loop.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

using namespace ocpi::bench;

class database {
public:
    explicit database(const std::string& url) : connection_(url)
    {
        connection_.execute("SET client_min_messages = warning");
        connection_.execute("DROP TABLE IF EXISTS yardstick");
        connection_.execute(
            "CREATE TABLE yardstick (key text COLLATE \"C\" PRIMARY KEY, body bytea NOT NULL)");
        connection_.prepare("begin", "BEGIN");
        connection_.prepare("upsert",
                            "INSERT INTO yardstick (key, body) SELECT * FROM unnest($1::text[], "
                            "$2::bytea[]) ON CONFLICT (key) DO UPDATE SET body = excluded.body");
        connection_.prepare("commit", "COMMIT");
    }

    void begin()
    {
        keys_.clear();
        bodies_.clear();
    }
    void upsert(const std::string& key, const std::string& body)
    {
        keys_.push_back(key);
        bodies_.push_back(body);
    }
    void commit()
    {
        connection_.add("begin");
        connection_.add("upsert", {binary_value::texts(keys_), binary_value::byte_arrays(bodies_)});
        connection_.add("commit");
        connection_.run();
    }

private:
    pipeline connection_;
    std::vector<std::string> keys_;
    std::vector<std::string> bodies_;
};

}  // namespace

int main(int argc, char** argv)
{
    const std::string kind = argc > 2 ? argv[2] : "existing";
    upsert_loop wanted;
    wanted.is_existing = kind == "existing";
    if (argc > 3) wanted.seconds = std::strtod(argv[3], nullptr);
    if (argc > 4) wanted.batch = std::atoi(argv[4]);
    if (argc > 5) wanted.periods = std::atoi(argv[5]);
    if (argc < 2 || (kind != "new" && kind != "existing") || wanted.batch < 1) {
        std::cerr << "usage: yardstick_postgres URL [new|existing] [SECONDS] [BATCH] [PERIODS]\n";
        return 2;
    }
    try {
        database to(argv[1]);
        run_upsert_loop(to, wanted);
    } catch (const std::exception& failure) {
        std::cerr << "yardstick_postgres: " << failure.what() << '\n';
        return 2;
    }
}
