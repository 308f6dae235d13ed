#pragma once

#include "crud/memory/memory_crud.hpp"
#include "http/http_client.hpp"
#include "modules/sessions/session_writer.hpp"
#include "ocpi/base/completion.hpp"
#include "ocpi/protocol/envelope.hpp"
#include "tests/support/written_at.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::test {

/// Other platforms, played in memory: each pool of connections leads to an eMSP that really takes
/// what it is sent, by our own rules. A script can come between. Safe from any thread.
class partner_network final : public http::http_client {
public:
    using script =
        std::function<std::optional<result<http::response>>(const http::outbound_request&)>;

    /// Answers in the partner's place; nothing lets the partner answer. `before`: the partner
    /// never gets the request; `after`: it has taken it, but its answer is lost.
    void set_script(script before, script after = {})
    {
        const std::lock_guard lock(mutex_);
        before_ = std::move(before);
        after_ = std::move(after);
    }

    /// From now on the requests of that pool wait until release().
    void hold(const std::string& pool)
    {
        const std::lock_guard lock(mutex_);
        held_[pool];
    }

    void release(const std::string& pool)
    {
        std::vector<completion<bool>> waiting;
        {
            const std::lock_guard lock(mutex_);
            waiting.swap(held_[pool]);
            held_.erase(pool);
        }
        for (auto& each : waiting) each(true);
    }

    std::size_t waiting(const std::string& pool) const
    {
        const std::lock_guard lock(mutex_);
        const auto found = held_.find(pool);
        return found == held_.end() ? 0 : found->second.size();
    }

    /// All requests so far, in the order in which they were sent.
    std::vector<http::outbound_request> requests() const
    {
        const std::lock_guard lock(mutex_);
        return requests_;
    }

    /// `PUT S1`, `PATCH S2`, …
    std::vector<std::string> log() const
    {
        std::vector<std::string> lines;
        for (const auto& each : requests()) {
            lines.push_back(each.method + ' ' + each.url.substr(each.url.rfind('/') + 1));
        }
        return lines;
    }

    void forget_requests()
    {
        const std::lock_guard lock(mutex_);
        requests_.clear();
    }

    /// What the eMSP behind that pool holds.
    crud::memory_crud& store_of(const std::string& pool) { return *platform_of(pool).crud; }
    std::shared_ptr<crud::memory_crud> store(const std::string& pool)
    {
        return platform_of(pool).crud;
    }

    /// The eMSP behind that pool loses all that it has.
    void wipe(const std::string& pool)
    {
        const std::lock_guard lock(mutex_);
        platforms_.erase(pool);
    }

    boost::asio::awaitable<result<http::response>> send(http::outbound_request request) override
    {
        note(request);
        auto wait = [this, &request](completion<bool> resume) {
            enqueue(request.pool, std::move(resume));
        };
        co_await await_completion<bool>(wait);
        const auto [before, after] = scripts();
        if (before) {
            if (auto scripted = before(request)) co_return std::move(*scripted);
        }
        auto answered = co_await answer(request);
        if (after) {
            if (auto scripted = after(request)) co_return std::move(*scripted);
        }
        co_return answered;
    }

    static http::response envelope(int http_status, int status_code, const std::string& data = {})
    {
        http::response made;
        made.status = http_status;
        made.body = R"({"status_code":)" + std::to_string(status_code) +
                    R"(,"timestamp":"2024-01-01T00:00:00Z")" +
                    (data.empty() ? "" : ",\"data\":" + data) + '}';
        return made;
    }

    /// An answer that is no OCPI envelope.
    static http::response bare(int http_status, std::string body)
    {
        http::response made;
        made.status = http_status;
        made.body = std::move(body);
        return made;
    }

private:
    struct platform {
        std::shared_ptr<crud::memory_crud> crud = std::make_shared<crud::memory_crud>();
        sessions::session_writer sessions{crud};
    };

    void note(const http::outbound_request& request)
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
    }

    void enqueue(const std::string& pool, completion<bool> resume)
    {
        {
            const std::lock_guard lock(mutex_);
            const auto found = held_.find(pool);
            if (found != held_.end()) {
                found->second.push_back(std::move(resume));
                return;
            }
        }
        resume(true);
    }

    std::pair<script, script> scripts() const
    {
        const std::lock_guard lock(mutex_);
        return {before_, after_};
    }

    platform& platform_of(const std::string& pool)
    {
        const std::lock_guard lock(mutex_);
        auto& found = platforms_[pool];
        if (!found) found = std::make_shared<platform>();
        return *found;
    }

    static crud::object_key key_in(const std::string& url)
    {
        const auto id = url.rfind('/');
        const auto party = url.rfind('/', id - 1);
        const auto country = url.rfind('/', party - 1);
        return crud::object_key(url.substr(country + 1, party - country - 1),
                                url.substr(party + 1, id - party - 1), url.substr(id + 1));
    }

    boost::asio::awaitable<result<http::response>> answer(http::outbound_request request)
    {
        const auto key = key_in(request.url);
        auto& sessions = platform_of(request.pool).sessions;
        constexpr auto side = crud::interface_side::receiver;
        if (request.method == "GET") {
            const auto found = co_await sessions.reader().get(side, key);
            if (found.has_error()) co_return envelope(404, 2001);
            co_return envelope(200, 1000, found->document.json);
        }
        const bool is_put = request.method == "PUT";
        const auto kind = is_put ? sessions::body_kind::whole : sessions::body_kind::fragment;
        const auto sent =
            sessions::read_session(request.body, kind, sessions::strictness::strict, key);
        if (sent.has_error()) co_return envelope(200, 2001);
        auto written = result<sessions::written_session>(error());
        if (is_put) {
            written = co_await sessions.put(side, key, *sent, sessions::strictness::strict,
                                            test::written_at);
        } else {
            written = co_await sessions.patch(side, key, *sent, test::written_at);
        }
        if (written.has_value()) co_return envelope(written->created ? 201 : 200, 1000);
        co_return envelope(written.error().code() == errc::not_found ? 404 : 200, 2001);
    }

    mutable std::mutex mutex_;
    script before_;
    script after_;
    std::map<std::string, std::vector<completion<bool>>> held_;
    std::map<std::string, std::shared_ptr<platform>> platforms_;
    std::vector<http::outbound_request> requests_;
};

}  // namespace ocpi::test
