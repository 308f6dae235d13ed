#include "crud/postgres/connection.hpp"

#include "crud/postgres/pipeline.hpp"
#include "crud/postgres/postgres_error.hpp"
#include "crud/postgres/session_settings.hpp"
#include "crud/postgres/url.hpp"

#include <algorithm>
#include <charconv>

namespace ocpi::crud::postgres {

namespace {

/// One server as libpq is told of it.
pipeline::settings settings_for(const parsed_url& url, const server_address& server,
                                const std::string& password)
{
    auto settings = settings_of_socket();
    // The last of two counts.
    settings.insert(settings.end(), url.settings.begin(), url.settings.end());
    settings.emplace_back("host", server.host);
    settings.emplace_back("hostaddr", server.host_address);
    settings.emplace_back("port", server.port);
    settings.emplace_back("password", password.empty() ? url.password : password);
    settings.emplace_back("client_encoding", "UTF8");
    return settings;
}

/// The URL's own connect_timeout counts, which is in seconds.
std::chrono::milliseconds connect_timeout(const parsed_url& url, const connection_options& options)
{
    const auto text = url.find("connect_timeout");
    int seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return seconds > 0 ? std::chrono::seconds(seconds) : options.connect_timeout;
}

boost::asio::awaitable<server_facts> ask_facts(pipeline& on)
{
    // transaction_read_only is on at a standby as well. A setting that is not known is NULL.
    std::vector<command> question;
    question.emplace_back(
        "SELECT current_setting('fsync', true), current_setting('synchronous_commit', true), "
        "current_setting('transaction_read_only', true)");
    const auto answers = co_await on.run(std::move(question));
    const auto& answer = answers.front();
    server_facts facts;
    facts.version = on.server_version();
    facts.encoding = on.parameter("server_encoding");
    facts.fsync = answer.text(0, 0);
    facts.synchronous_commit = answer.text(0, 1);
    facts.is_read_only = answer.text(0, 2) == "on";
    if (facts.is_read_only) {
        std::vector<command> further;
        further.emplace_back("SELECT pg_is_in_recovery()");
        const auto recovery = co_await on.run(std::move(further));
        facts.is_standby = recovery.front().integer(0, 0) != 0;
    }
    co_return facts;
}

/// A server that does not know a setting is used without.
boost::asio::awaitable<void> apply_setting(pipeline& on, std::string name, std::string value)
{
    parameters values;
    values.add(name).add(value);
    std::vector<command> commands;
    commands.emplace_back("SELECT set_config($1, $2, false)", std::move(values));
    try {
        co_await on.run(std::move(commands));
    } catch (const postgres_error& failure) {
        if (failure.is_connection_lost()) throw;
    }
}

boost::asio::awaitable<void> prepare_session(pipeline& on, const connection_options& options)
{
    // An older server may not understand the question.
    if (auto facts = server_facts{}; on.server_version() < 130000) {
        facts.version = on.server_version();
        if (const auto failure = find_unsuitable(on.where(), facts, true)) throw *failure;
    }
    const auto facts = co_await ask_facts(on);
    if (const auto failure = find_unsuitable(on.where(), facts, options.allow_lost_writes)) {
        throw *failure;
    }
    auto settings = settings_of_session(options.answer_timeout);
    // Kept as it was judged, whatever the server is told later.
    if (!facts.synchronous_commit.empty()) {
        settings.emplace_back("synchronous_commit", facts.synchronous_commit);
    }
    for (const auto& [name, value] : settings) co_await apply_setting(on, name, value);
}

}  // namespace

struct connection::state {
    boost::asio::any_io_executor strand;
    connection_options options;
    std::shared_ptr<pipeline> link;
    bool is_closed = false;

    pipeline& open_link() const
    {
        if (link) return *link;
        throw postgres_error(describe_url(options.url) + ": there is no connection", "08003");
    }
};

connection::connection(boost::asio::any_io_executor strand, connection_options options)
    : state_(std::make_shared<state>())
{
    state_->strand = std::move(strand);
    state_->options = std::move(options);
}

connection::~connection()
{
    close();
}

boost::asio::awaitable<void> connection::open()
{
    const auto self = state_;
    const auto& options = self->options;
    const auto url = parse_url(options.url);
    std::string failures;
    std::string sqlstate;
    for (const auto& server : url.servers) {
        auto where = "PostgreSQL at " + server.text();
        if (!url.database.empty()) where += ", database " + url.database;
        auto link = std::make_shared<pipeline>(self->strand, where, options.answer_timeout);
        self->link = link;
        try {
            auto settings = settings_for(url, server, options.password);
            co_await link->connect(std::move(settings), connect_timeout(url, options));
            co_await prepare_session(*link, options);
            co_return;
        } catch (const postgres_error& failure) {
            if (!failures.empty()) failures += "; ";
            failures += failure.what();
            sqlstate = failure.sqlstate();
        }
        link->close();
        if (self->is_closed) break;
    }
    throw postgres_error(failures, sqlstate);
}

boost::asio::awaitable<std::vector<rows>> connection::run(std::vector<command> commands)
{
    const auto self = state_;
    co_return co_await self->open_link().run(std::move(commands));
}

boost::asio::awaitable<void> connection::execute(std::string sql)
{
    const auto self = state_;
    co_await self->open_link().execute(std::move(sql));
}

bool connection::is_open() const noexcept
{
    return state_->link && state_->link->is_open();
}

std::size_t connection::in_flight() const noexcept
{
    return state_->link ? state_->link->in_flight() : 0;
}

void connection::close() noexcept
{
    state_->is_closed = true;
    if (state_->link) state_->link->close();
}

}  // namespace ocpi::crud::postgres
