#pragma once

#include "modules/exchange/pull.hpp"
#include "tests/support/instant.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/support/scripted_http_client.hpp"
#include "tests/support/session_text.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

inline const std::string list_url = "https://cpo.example/ocpi/cpo/2.3.0/sessions";

/// Two instants at which sessions are last updated.
inline const std::string ten = "2024-06-01T10:00:00Z";
inline const std::string eleven = "2024-06-01T11:00:00Z";

/// Another page of the list, by its offset.
inline std::string link_to(int offset)
{
    return list_url + "?offset=" + std::to_string(offset);
}

/// The one error that ends a run.
inline error failure_of(const result<exchange::pull_summary>& outcome)
{
    return outcome.has_error() ? outcome.error() : error(errc::internal, "the run has not failed");
}

/// A session of ES*ABC that was last updated at that time.
inline std::string session_at(const std::string& id, const std::string& last_updated,
                              const std::string& kwh = "1.0")
{
    return session_text(
        {{"id", '"' + id + '"'}, {"kwh", kwh}, {"last_updated", '"' + last_updated + '"'}});
}

inline std::string array_of(const std::vector<std::string>& elements)
{
    std::string text = "[";
    for (const auto& element : elements) {
        if (text.size() > 1) text += ',';
        text += element;
    }
    return text + ']';
}

/// An answer with that data in an envelope; empty: without data.
inline http::response page_of(const std::string& data, const std::string& link = {},
                              const std::string& total = {})
{
    http::response answer;
    answer.body = R"({"status_code":1000,"timestamp":"2024-06-01T12:00:00Z")";
    if (!data.empty()) answer.body += R"(,"data":)" + data;
    answer.body += '}';
    if (!link.empty()) answer.headers.add("Link", '<' + link + R"(>; rel="next")");
    if (!total.empty()) answer.headers.add("X-Total-Count", total);
    return answer;
}

inline http::response refused_answer(int http_status, int status_code)
{
    http::response answer;
    answer.status = http_status;
    answer.body =
        R"({"timestamp":"2024-06-01T12:00:00Z","status_code":)" + std::to_string(status_code) + '}';
    return answer;
}

inline partners::partner make_cpo(std::vector<party> parties = {party("ES", "ABC")})
{
    partners::partner cpo;
    cpo.name = "Cpo";
    cpo.state = partners::partner_state::registered;
    cpo.token = "the-secret";
    for (auto& each : parties) cpo.roles.emplace_back(party_role::cpo, std::move(each));
    cpo.endpoints.emplace_back("sessions", partners::interface_role::sender, list_url);
    return cpo;
}

/// A CPO of that name, whose list is at a host of that name.
inline partners::partner make_partner(const std::string& name)
{
    auto made = make_cpo();
    made.name = name;
    made.endpoints.clear();
    made.endpoints.emplace_back("sessions", partners::interface_role::sender,
                                "https://" + name + ".example/sessions");
    return made;
}

/// An eMSP that pulls from a CPO which a test plays: the answers of `script` one after the other,
/// or whatever `answer` says.
struct pulling {
    std::shared_ptr<scripted_crud> crud = std::make_shared<scripted_crud>();
    std::shared_ptr<recording_logger> log = std::make_shared<recording_logger>();
    std::shared_ptr<adjustable_clock> time = std::make_shared<adjustable_clock>();
    std::deque<result<http::response>> script;
    std::function<result<http::response>(const http::outbound_request&)> answer;
    std::shared_ptr<scripted_http_client> http = std::make_shared<scripted_http_client>(
        [this](const http::outbound_request& request) { return play(request); });
    partners::partner cpo = make_cpo();
    std::vector<party> own_parties{party("DE", "EMP")};
    exchange::pull_options options;
    std::shared_ptr<exchange::exchange_observer> observer;
    std::vector<exchange::pull_summary> progress;
    /// The pauses that runs have made; none takes any time.
    std::vector<std::chrono::milliseconds> pauses;

    pulling() { time->set(instant("2024-06-01T12:00:00Z")); }

    std::shared_ptr<exchange::puller> make_puller()
    {
        exchange::puller::dependencies parts;
        parts.crud = crud;
        parts.client = std::make_shared<partners::platform_client>(http);
        parts.own_emsp_parties = own_parties;
        parts.time = time;
        parts.log = log;
        parts.observer = observer;
        parts.pause = [this](std::chrono::milliseconds pause) -> boost::asio::awaitable<void> {
            pauses.push_back(pause);
            co_return;
        };
        return std::make_shared<exchange::puller>(std::make_shared<sessions::session_writer>(crud),
                                                  std::move(parts), options);
    }

    /// One run of a new puller.
    result<exchange::pull_summary> pull(exchange::pull_range range = {})
    {
        progress.clear();
        const auto pulls = make_puller();
        return run_awaitable(
            pulls->pull(cpo, range, [this](const auto& so_far) { progress.push_back(so_far); }));
    }

    /// The JSON of a stored session of ES*ABC; empty when there is none.
    std::string stored(const std::string& id)
    {
        const auto record = run_awaitable(crud->behind().get(
            "sessions", crud::interface_side::receiver, crud::object_key("ES", "ABC", id)));
        return record.has_value() ? record->document.json : "";
    }

    std::size_t stored_count()
    {
        return run_awaitable(crud->behind().list("sessions", crud::interface_side::receiver, {}))
            ->total;
    }

    std::vector<std::string> urls() const
    {
        std::vector<std::string> all;
        for (const auto& request : http->requests()) all.push_back(request.url);
        return all;
    }

    /// What the last run began with.
    std::string last_date_from() const
    {
        const auto url = urls().back();
        const auto begin = url.find("date_from=") + 10;
        return url.substr(begin, url.find('&', begin) - begin);
    }

private:
    boost::asio::awaitable<result<http::response>> play(const http::outbound_request& request)
    {
        if (answer) co_return answer(request);
        if (script.empty()) {
            co_return error(errc::partner_failure, "the script has come to its end");
        }
        auto next = std::move(script.front());
        script.pop_front();
        co_return next;
    }
};

}  // namespace ocpi::test
