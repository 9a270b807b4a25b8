import org.apache.solr.embedded.JettyConfig;
import org.apache.solr.embedded.JettySolrRunner;

/** java -cp 'lib/*' SolrMain.java HOME PORT: a Solr on loopback with the cores of HOME, until it is stopped. */
public class SolrMain {
    public static void main(String[] arguments) throws Exception {
        JettyConfig config = JettyConfig.builder().setPort(Integer.parseInt(arguments[1])).build();
        new JettySolrRunner(arguments[0], config).start();
        Thread.currentThread().join();
    }
}
