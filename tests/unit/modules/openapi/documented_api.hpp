#pragma once

#include "application/application.hpp"
#include "crud/memory/memory_crud.hpp"
#include "tests/support/schema_checker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::openapi::fixtures {

/// The document as it is served.
const json::document& served_document();

/// Where the document describes an operation, and in what words.
struct operation {
    std::string method;
    /// Such as `/v1/policies/{id}`.
    std::string path;
    /// Such as `#/paths/~1v1~1policies~1{id}/get`.
    std::string place;

    std::string name() const { return method + ' ' + path; }
};

/// All of the document, in its order.
std::vector<operation> described_operations();

/// A whole server, with a store in memory, a clock that the test sets, an operator, and a driver
/// with the contract C1. It is asked without sockets, and every answer under /v1 is held against
/// the document: its status, its headers, its content, and the request if it was well received.
class documented_api {
public:
    documented_api();
    ~documented_api();
    documented_api(const documented_api&) = delete;
    documented_api& operator=(const documented_api&) = delete;

    static constexpr const char* operator_token = "operator-token";
    static constexpr const char* driver_token = "driver-token";
    static constexpr const char* partner_token = "partner-token";

    /// `GET /v1/policies`, asked by the operator. An empty token: none is sent.
    http::response ask(const std::string& method_and_target, const std::string& body = {},
                       const std::string& token = operator_token,
                       const std::string& last_event_id = {});

    /// The data of the next event of a stream, held against the document.
    std::string next_event(const http::response& streaming);

    /// `10:15`, of the day of session_text().
    void set_time(const std::string& time_of_day);

    /// Stores one of our own sessions and returns its id under /v1.
    std::string put_session(const std::string& id, const std::string& json);

    ocpi::test::schema_checker checker;
    /// What has been answered: `GET /v1/policies 200`.
    std::set<std::string> answered;

private:
    void hold_to_document(const http::request& asked, const http::response& answer);
    void hold_to_response(const http::response& answer, const std::string& described);
    void hold_request(const operation& of, const http::request& asked);
    void expect(std::string_view text, const std::string& schema);
    void add_token(const char* token, auth::principal identity);

    template <class T>
    T run(boost::asio::awaitable<T> coroutine)
    {
        auto outcome =
            boost::asio::co_spawn(context_, std::move(coroutine), boost::asio::use_future);
        while (outcome.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
            context_.restart();
            context_.run_one();
        }
        return outcome.get();
    }

    boost::asio::io_context context_;
    std::shared_ptr<crud::memory_crud> crud_ = std::make_shared<crud::memory_crud>();
    std::shared_ptr<adjustable_clock> time_ = std::make_shared<adjustable_clock>();
    std::unique_ptr<Application> application_;
};

}  // namespace ocpi::openapi::fixtures
