package autodetective;

import static org.elasticsearch.plugins.AnalysisPlugin.requiresAnalysisSettings;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.WhitespaceTokenizer;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.KeywordRepeatFilter;
import org.apache.lucene.analysis.miscellaneous.PatternKeywordMarkerFilter;
import org.apache.lucene.analysis.miscellaneous.RemoveDuplicatesTokenFilter;
import org.apache.lucene.analysis.snowball.SnowballFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * What our index needs of Elasticsearch's module analysis-common, which the distribution for integration tests
 * comes without: the same parts of Lucene, which it does come with, under the names that they have in the module.
 * Any other setting is refused, so that no test passes with an analysis that production would not have.
 */
public final class TestAnalysisPlugin extends Plugin implements AnalysisPlugin {

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of(
                "whitespace",
                (index, environment, name, settings) -> TokenizerFactory.newFactory(name, WhitespaceTokenizer::new));
    }

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        return Map.of(
                "stemmer",
                (index, environment, name, settings) -> new Filter(name, settings, stemmer(settings)),
                "keyword_marker",
                requiresAnalysisSettings(
                        (index, environment, name, settings) -> new Filter(name, settings, marker(settings))),
                "keyword_repeat",
                (index, environment, name, settings) -> new Filter(name, settings, KeywordRepeatFilter::new),
                "remove_duplicates",
                (index, environment, name, settings) -> new Filter(name, settings, RemoveDuplicatesTokenFilter::new));
    }

    private static UnaryOperator<TokenStream> stemmer(Settings settings) {
        String language = settings.get("language", settings.get("name", "porter"));
        return switch (language) {
            case "porter" -> PorterStemFilter::new; // what every index makes, whether it uses it or not
            case "porter2" -> tokens -> new SnowballFilter(tokens, "English");
            case "russian" -> tokens -> new SnowballFilter(tokens, "Russian");
            default -> throw new IllegalArgumentException("the tests' analysis has no stemmer [" + language + "]");
        };
    }

    private static UnaryOperator<TokenStream> marker(Settings settings) {
        String pattern = settings.get("keywords_pattern");
        if (pattern == null) {
            throw new IllegalArgumentException("the tests' analysis marks keywords by a pattern only");
        }
        Pattern keywords = Pattern.compile(pattern);
        return tokens -> new PatternKeywordMarkerFilter(tokens, keywords);
    }

    private static final class Filter extends AbstractTokenFilterFactory {

        private final UnaryOperator<TokenStream> filter;

        Filter(String name, Settings settings, UnaryOperator<TokenStream> filter) {
            super(name, settings);
            this.filter = filter;
        }

        @Override
        public TokenStream create(TokenStream tokens) {
            return filter.apply(tokens);
        }
    }
}
