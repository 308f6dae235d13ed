# A text file of the sources as a constant of the program, so that it need not be found at run time.
#
#   embed_text(TARGET FILE HEADER NAME)
#
# HEADER declares `extern const std::string_view` of that name. Run as a script, this file writes
# the definition: cmake -D TEXT=FILE -D HEADER=... -D NAME=... -D OUTPUT=... -P embed_text.cmake

if(CMAKE_SCRIPT_MODE_FILE)
    file(READ ${TEXT} content)
    file(WRITE ${OUTPUT}
"#include \"${HEADER}\"

constinit const std::string_view ${NAME} = R\"embedded(${content})embedded\";
")
    return()
endif()

set(embed_text_script ${CMAKE_CURRENT_LIST_FILE})

function(embed_text target text header name)
    set(input ${CMAKE_CURRENT_SOURCE_DIR}/${text})
    cmake_path(GET text STEM LAST_ONLY stem)
    set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/${stem}.cpp)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -D TEXT=${input} -D HEADER=${header} -D NAME=${name}
                -D OUTPUT=${output} -P ${embed_text_script}
        DEPENDS ${input} ${embed_text_script}
        COMMENT "Embedding ${text}"
        VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
