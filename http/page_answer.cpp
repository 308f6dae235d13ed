#include "http/page_answer.hpp"

#include "ocpi/protocol/envelope.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace ocpi::http {
namespace {

std::string next_page_url(const call& call, const protocol::page_request& request,
                          std::string list_url, std::size_t count)
{
    auto url = std::move(list_url) + '?';
    for (const auto& parameter : call.target.query) {
        if (parameter.name == "offset" || parameter.name == "limit") continue;
        url.append(parameter.text) += '&';
    }
    url += "offset=" + std::to_string(request.offset + count);
    url += "&limit=" + std::to_string(request.limit);
    return url;
}

/// Other requests of the thread get a turn after so many bytes.
constexpr std::size_t bytes_at_a_stretch = 512 * 1024;

/// Rewrites the documents where they are.
boost::asio::awaitable<void> translate_all(crud::page& page, const list_source& source)
{
    std::size_t bytes = 0;
    for (auto& record : page.records) {
        auto& json = record.document.json;
        bytes += json.size();
        json = source.translate(std::move(json));
        if (bytes < bytes_at_a_stretch) continue;
        bytes = 0;
        const auto executor = co_await boost::asio::this_coro::executor;
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
    }
}

/// One buffer that the envelope fits into as well; each document is freed once it is in it, so that
/// a page is in memory once and hardly twice.
std::string write_array(crud::page& page)
{
    std::size_t size = 2 + protocol::envelope_bytes;
    for (const auto& record : page.records) size += record.document.json.size() + 1;
    std::string array;
    array.reserve(size);
    array += '[';
    for (auto& record : page.records) {
        if (array.size() > 1) array += ',';
        array += record.document.json;
        std::string().swap(record.document.json);
    }
    array += ']';
    return array;
}

}  // namespace

result<protocol::page_request> read_page_request(const call& call,
                                                 const protocol::page_limits& limits,
                                                 bool converts_timestamps)
{
    for (const char* name : {"date_from", "date_to", "offset", "limit"}) {
        const auto times = std::count_if(
            call.target.query.begin(), call.target.query.end(),
            [name](const query_parameter& parameter) { return parameter.name == name; });
        if (times > 1) {
            return error(errc::invalid, std::string(name) + " may be given once only");
        }
    }
    protocol::page_parameters sent;
    sent.date_from = call.target.find("date_from");
    sent.date_to = call.target.find("date_to");
    sent.offset = call.target.find("offset");
    sent.limit = call.target.find("limit");
    return protocol::read_page_request(sent, limits, converts_timestamps);
}

crud::list_query part_of(crud::list_query list, const protocol::page_request& request)
{
    list.date_from = request.date_from;
    list.date_to = request.date_to;
    list.offset = request.offset;
    list.limit = request.limit;
    list.max_bytes = request.max_bytes;
    return list;
}

answer make_page_answer(const call& call, const protocol::page_request& request,
                        std::string list_url, crud::page page)
{
    answer answered;
    answered.data = write_array(page);
    name_tolerated(answered, request.tolerated);
    answered.headers.add("X-Total-Count", std::to_string(page.total));
    answered.headers.add("X-Limit", std::to_string(request.limit));
    if (!page.is_last_page) {
        const auto next = next_page_url(call, request, std::move(list_url), page.records.size());
        answered.headers.add("Link", '<' + next + ">; rel=\"next\"");
    }
    return answered;
}

boost::asio::awaitable<answer> answer_page(const call& call, const list_options& options,
                                           crud::list_query visible, list_source source)
{
    const bool tolerant = call.caller.profile == auth::profile::tolerant;
    const auto request = read_page_request(call, options.limits, tolerant);
    if (request.has_error()) co_return request.error();
    auto turn = co_await options.turns->take(call.caller);
    if (turn.has_error()) co_return turn.error();
    auto part = part_of(std::move(visible), *request);
    auto page = co_await source.read(std::move(part));
    if (page.has_error()) co_return page.error();
    co_await translate_all(*page, source);
    auto answered = make_page_answer(call, *request, std::move(source.url), std::move(*page));
    answered.held = std::move(turn->until_sent);
    co_return answered;
}

}  // namespace ocpi::http
