#include "ocpi/http/page_answer.hpp"

#include "ocpi/json/writer.hpp"

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
    return list;
}

answer make_page_answer(const call& call, const protocol::page_request& request,
                        std::string list_url, const crud::page& page)
{
    answer answered;
    json::array_writer objects;
    for (const auto& record : page.records) objects.raw(record.document.json);
    answered.data = objects.finish();
    name_tolerated(answered, request.tolerated);
    answered.headers.add("X-Total-Count", std::to_string(page.total));
    answered.headers.add("X-Limit", std::to_string(request.limit));
    if (!page.is_last_page) {
        const auto next = next_page_url(call, request, std::move(list_url), page.records.size());
        answered.headers.add("Link", '<' + next + ">; rel=\"next\"");
    }
    return answered;
}

}  // namespace ocpi::http
