#include "ocpi/http/page_answer.hpp"

#include "ocpi/json/writer.hpp"

#include <algorithm>

namespace ocpi::http {
namespace {

std::string next_page_url(const call& call, const protocol::page_request& request,
                          const page_content& page)
{
    std::string url = page.list_url + '?';
    for (const auto& parameter : call.target.query) {
        if (parameter.name == "offset" || parameter.name == "limit") continue;
        url.append(parameter.text) += '&';
    }
    url += "offset=" + std::to_string(request.offset + page.objects.size());
    url += "&limit=" + std::to_string(request.limit);
    return url;
}

}  // namespace

result<protocol::page_request> read_page_request(const call& call,
                                                 const protocol::page_limits& limits,
                                                 bool accept_offset_timestamps)
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
    return protocol::read_page_request(sent, limits, accept_offset_timestamps);
}

answer make_page_answer(const call& call, const protocol::page_request& request,
                        const page_content& page)
{
    answer answered;
    json::array_writer objects;
    for (auto object : page.objects) objects.raw(object);
    answered.data = objects.finish();
    name_tolerated(answered, request.tolerated);
    answered.headers.add("X-Total-Count", std::to_string(page.total));
    answered.headers.add("X-Limit", std::to_string(request.limit));
    if (!page.is_last_page) {
        answered.headers.add("Link", '<' + next_page_url(call, request, page) + ">; rel=\"next\"");
    }
    return answered;
}

}  // namespace ocpi::http
