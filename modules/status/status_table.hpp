#pragma once

#include "auth/principal.hpp"
#include "crud/crud.hpp"
#include "http/body_stream.hpp"
#include "http/list_turns.hpp"
#include "modules/sessions/session_writer.hpp"
#include "modules/status/status_source.hpp"
#include "ocpi/base/error.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace ocpi::status {

/// One line of the table: what write_json() has of it.
std::string write_csv(const listed_status& listed);
std::string csv_head();

/// The sessions of a search as CSV, read from the store page by page as the reader asks for more.
/// Each page waits for the caller's turn, so that a table counts as one list at a time.
class status_table final : public http::body_stream {
public:
    status_table(std::shared_ptr<sessions::session_writer> sessions,
                 std::shared_ptr<status_source> source, std::shared_ptr<http::list_turns> turns,
                 auth::principal caller, crud::search_query query);

    /// Reads the first page, so that its failure can be answered. Once, before next().
    boost::asio::awaitable<result<void>> begin();

    /// Throws when the store fails: half a table must not look like a whole one.
    boost::asio::awaitable<std::optional<std::string>> next() override;
    void close() noexcept override { is_closed_ = true; }

private:
    boost::asio::awaitable<result<std::string>> read_page();

    const std::shared_ptr<sessions::session_writer> sessions_;
    const std::shared_ptr<status_source> source_;
    const std::shared_ptr<http::list_turns> turns_;
    const auth::principal caller_;
    crud::search_query query_;
    std::optional<std::string> first_;
    bool is_last_read_ = false;
    std::atomic<bool> is_closed_ = false;
};

}  // namespace ocpi::status
